#include <catch2/catch.hpp>

#include "kinds/proxmox/container_declare.h"
#include "kinds/proxmox/host_view.h"

using namespace aegis;
using namespace aegis::proxmox;

namespace {

using Lines = std::vector<std::string>;

Json entry(const std::string& key, const Json& value) {
  return {{"key", key}, {"value", value}};
}

/// The answers of a host with some containers.
class Answers {
 public:
  Answers() {
    scope_.name = "server/fsn1";
    scope_.settings = {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}};
    tell(host().permissions(), {{"/", {{"VM.Audit", 1}}}});
  }

  void add(std::int64_t vmid, const Json& item, const Json& pending, const Json& config) {
    Json listed = item;
    listed["vmid"] = vmid;
    containers_.push_back(listed);
    listed["type"] = "lxc";
    listed["node"] = "pve";
    guests_.push_back(listed);
    tell(host().of_system(proxmox::container_system()), containers_);
    tell(host().guests(), guests_);
    tell(host().pending(proxmox::container_system(), vmid), pending);
    const std::string path = "/lxc/" + std::to_string(vmid);
    tell(host().of_node(path + "/config"), config);
    tell(host().of_node(path + "/firewall/options"), Json::object());
    for (const char* list : {"rules", "aliases", "ipset"}) {
      tell(host().of_node(path + "/firewall/" + list), Json::array());
    }
  }

  /// A container of a manifest.
  void declare(std::int64_t vmid) {
    Resource resource;
    resource.spec = {{"vmid", vmid}};
    declared_.push_back(std::move(resource));
  }

  Result<std::vector<Declaration>> declarations() {
    Batch batch{scope_, {}};
    for (const Resource& resource : declared_) batch.resources.push_back(&resource);
    for (const Query& query : survey_containers(batch, replies_)) CHECK(replies_.contains(query));
    return declare_containers(batch, replies_);
  }

  HostQueries host() { return HostQueries(scope_); }
  Replies& replies() { return replies_; }

 private:
  void tell(const Query& query, const Json& data) {
    Reply reply;
    reply.status = 200;
    reply.body = {{"data", data}};
    replies_[query] = reply;
  }

  Scope scope_;
  Replies replies_;
  Json containers_ = Json::array();
  Json guests_ = Json::array();
  std::vector<Resource> declared_;
};

const Json k_running = {{"status", "running"}, {"name", "web"}};
const Json k_disk = entry("rootfs", "local-zfs:subvol-103-disk-0,size=8G");

}  // namespace

TEST_CASE("a container is declared in the words of the manifests, with what is to come") {
  Answers answers;
  const Json pending = {
      k_disk,
      {{"key", "memory"}, {"value", "512"}, {"pending", "2048"}},
      entry("net0", "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=dhcp,type=veth"),
      entry("mp0", "/srv/media,mp=/media,ro=1"),
      entry("dev0", "/dev/net/tun,deny-write=1,mode=0660"),
      entry("hookscript", "local:snippets/a.pl"),
      entry("console", "0"),
      entry("tags", "aegisctl;prod"),
      entry("digest", "abc")};
  answers.add(103, k_running, pending, Json::object());
  const auto found = answers.declarations();
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  CHECK(to_string(found->front().address) == "container/web");
  const Json& spec = found->front().spec;
  CHECK(spec.at("server") == "fsn1");
  CHECK(spec.at("vmid") == 103);
  CHECK(spec.at("memory") == "2GiB");
  CHECK(spec.at("rootfs") == Json{{"storage", "local-zfs"}, {"size", "8GiB"}});
  CHECK(spec.at("mount_points").at("mp0") ==
        Json{{"volume", "/srv/media"}, {"mp", "/media"}, {"ro", true}});
  CHECK(spec.at("network") == Json{{"eth0", {{"bridge", "vmbr0"}, {"ip", "dhcp"}}}});
  CHECK(spec.at("devices") == Json{{"dev0", {{"path", "/dev/net/tun"}, {"deny_write", true}}}});
  CHECK(spec.at("hookscript") == "local:snippets/a.pl");
  CHECK(spec.at("console") == false);
  CHECK(spec.at("tags") == Json{"prod"});
  CHECK(spec.at("state") == "started");
  CHECK(found->front().beyond.empty());
}

TEST_CASE("what manifests have no words for is kept as Proxmox writes it") {
  Answers answers;
  const Json pending = {k_disk,
                        entry("debug", "1"),
                        entry("unused0", "local-zfs:subvol-103-disk-9"),
                        entry("ostype", "debian"),
                        entry("arch", "amd64")};
  const Json config = {{"lxc", Json::array({Json::array({"lxc.apparmor.profile", "unconfined"})})}};
  answers.add(103, k_running, pending, config);
  const auto found = answers.declarations();
  REQUIRE(found);
  CHECK(found->front().beyond == Lines{"debug: 1", "unused0: local-zfs:subvol-103-disk-9"});
  Json line = Json::object();
  line["lxc.apparmor.profile"] = "unconfined";
  CHECK(found->front().spec.at("lxc") == Json::array({line}));
}

TEST_CASE("a guest's firewall is told with it") {
  Answers answers;
  answers.add(103, k_running, {k_disk}, Json::object());
  Reply rules;
  rules.status = 200;
  rules.body["data"] = Json::array(
      {{{"pos", 0}, {"type", "in"}, {"action", "ACCEPT"}, {"macro", "SSH"}, {"enable", 1}}});
  answers.replies()[answers.host().of_node("/lxc/103/firewall/rules")] = rules;
  const auto found = answers.declarations();
  REQUIRE(found);
  const Json& firewall = found->front().spec.at("firewall");
  REQUIRE(firewall.at("rules").size() == 1);
  CHECK(firewall.at("rules")[0].at("in") == "ACCEPT");
  CHECK(firewall.at("rules")[0].at("macro") == "SSH");
}

TEST_CASE("names that cannot be addresses give way to numbers") {
  Answers answers;
  answers.add(103, {{"status", "stopped"}, {"name", "a.example.net"}}, {k_disk}, Json::object());
  answers.add(104, {{"status", "stopped"}}, {k_disk}, Json::object());
  const auto found = answers.declarations();
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].address.name == "ct103");
  CHECK((*found)[1].address.name == "ct104");
  CHECK((*found)[1].spec.at("state") == "stopped");
}

TEST_CASE("what is declared already, half made or on its way out is not declared") {
  Answers answers;
  answers.add(103, k_running, {k_disk}, Json::object());
  answers.add(104, {{"status", "stopped"}, {"lock", "create"}}, {k_disk}, Json::object());
  answers.add(105, {{"status", "stopped"}, {"lock", "destroyed"}}, {k_disk}, Json::object());
  answers.declare(103);
  const auto found = answers.declarations();
  REQUIRE(found);
  CHECK(found->empty());
}

TEST_CASE("a configuration that may not be read is an error, not a container without settings") {
  Answers answers;
  answers.add(103, k_running, {k_disk}, Json::object());
  answers.replies()[answers.host().pending(proxmox::container_system(), 103)].status = 403;
  const auto found = answers.declarations();
  REQUIRE_FALSE(found);
  CHECK(found.error().code == ErrorCode::forbidden);
}
