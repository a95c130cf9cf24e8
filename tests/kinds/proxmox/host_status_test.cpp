#include "kinds/proxmox/host_status.h"

#include <catch2/catch.hpp>
#include <map>

#include "kinds/proxmox/host_view.h"

using namespace aegis;
using namespace aegis::proxmox;

namespace {

/// The server "fsn1" with the node "pve" and what it answers, by the path below the node.
struct Host {
  Host() {
    scope = {"server/fsn1", {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}, {"ssh_port", 22}}, {}};
    data["/status"] = Json::parse(R"({"pveversion":"pve-manager/8.4.21/2606ac850d46da29",
      "uptime":100,"cpu":0.25,"cpuinfo":{"cpus":8},"memory":{"used":10,"total":40}})");
    data["/storage"] = Json::parse(R"([
      {"storage":"tank","enabled":1,"active":1,"used":30,"total":100},
      {"storage":"off","enabled":0,"active":0},
      {"storage":"nas","enabled":1,"active":0,"used":0,"total":0}])");
    data["/lxc"] = Json::parse(R"([
      {"vmid":101,"status":"running","cpus":2,"cpu":0.5,"mem":3,"maxmem":6,"disk":4,"maxdisk":8,"uptime":-1},
      {"vmid":900,"status":"stopped","cpus":4,"maxmem":6,"maxdisk":5}])");
    data["/qemu"] = Json::parse(
        R"([{"vmid":200,"status":"running","cpus":3,"mem":1,"maxmem":7,"disk":0,"maxdisk":20}])");
    data["/lxc/101/pending"] = Json::parse(
        R"([{"key":"cores","value":"2","pending":"4"},{"key":"hostname","value":"web"}])");
    declare("container", "web", 101);
  }

  void declare(const std::string& kind, const std::string& name, int vmid) {
    Resource resource;
    resource.address = {"", kind, name};
    resource.spec = {{"vmid", vmid}};
    resources.push_back(resource);
  }

  Status look() {
    Batch batch{scope, {}};
    for (const Resource& resource : resources) batch.resources.push_back(&resource);
    Replies replies;
    for (const Query& query : host_status_queries(batch, replies)) answer(query, replies);
    // It is one wave: nothing more is wanted.
    for (const Query& query : host_status_queries(batch, replies)) CHECK(replies.contains(query));
    Status status;
    REQUIRE(read_host_status(batch, replies, {}, status));
    return status;
  }

  void answer(const Query& query, Replies& replies) const {
    Reply& reply = replies[query];
    if (query.type == Query::Type::facts) {
      reply.body = {{"out", reboot}, {"exit_status", 0}};
      return;
    }
    const std::string below = query.path.substr(std::string("/api2/json/nodes/pve").size());
    const auto found = data.find(below);
    reply.status = found == data.end() ? 500 : 200;
    if (found != data.end()) reply.body = {{"data", found->second}};
  }

  Scope scope;
  std::vector<Resource> resources;
  std::map<std::string, Json> data;
  std::string reboot;
};

}  // namespace

TEST_CASE("a host tells what is used of it, and what its guests were given") {
  const Status status = Host().look();
  REQUIRE(status.hosts.size() == 1);
  const HostStatus& host = status.hosts.front();
  CHECK(host.name == "fsn1");
  CHECK(host.version == "8.4.21");
  CHECK(host.cores.used == 2);
  CHECK(host.memory.share() == 0.25);
  CHECK(host.allocated_cores == 5);  // of those that run
  CHECK(host.allocated_memory == 13);
  CHECK(host.allocated_disk == 33);  // of all
  REQUIRE(host.storages.size() == 2);
  CHECK_FALSE(host.storages.at(0).is_active);
  CHECK(host.storages.at(1).bytes.share() == 0.3);
  CHECK_FALSE(host.needs_reboot);
}

TEST_CASE("a declared guest tells how it runs, and what waits for its reboot") {
  Host host;
  host.declare("machine", "win", 200);
  host.declare("container", "gone", 404);
  host.declare("storage", "tank", 0);
  const Status status = host.look();
  REQUIRE(status.guests.size() == 3);
  const GuestStatus& web = status.guests.at(0);
  CHECK(web.address == "container/web");
  CHECK(web.cores.used == 1);
  CHECK(web.memory.share() == 0.5);
  CHECK(web.uptime.count() == 0);
  CHECK(web.pending == std::vector<std::string>{"cores"});
  CHECK(status.guests.at(1).disk.total == 20);
  CHECK(status.guests.at(2).state == "absent");
}

TEST_CASE("a host that wants a reboot says so, and without SSH it is not asked") {
  Host host;
  host.reboot = "yes\n";
  CHECK(host.look().hosts.front().needs_reboot);
  host.scope.settings.erase("ssh_port");
  CHECK_FALSE(host.look().hosts.front().needs_reboot);
}

TEST_CASE("a host that refuses a list is told in its own words") {
  Host host;
  host.data.erase("/qemu");
  const Batch batch{host.scope, {}};
  Replies replies;
  for (const Query& query : host_status_queries(batch, replies)) host.answer(query, replies);
  Status status;
  const auto read = read_host_status(batch, replies, {}, status);
  REQUIRE_FALSE(read);
  CHECK(read.error().message.find("the virtual machines") != std::string::npos);
  CHECK(status.hosts.empty());
}
