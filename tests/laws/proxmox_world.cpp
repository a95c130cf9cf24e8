#include "laws/proxmox_world.h"

#include <algorithm>
#include <regex>
#include <stdexcept>
#include <string>

#include "support/fake_clock.h"
#include "support/fake_secret_sink.h"
#include "support/node_shell.h"
#include "support/simulated_proxmox.h"

namespace aegis::laws {
namespace {

class ProxmoxWorld : public LawWorld {
 public:
  HttpTransport& http() override { return proxmox_; }
  RemoteShell& shell() override { return shell_; }
  Clock& clock() override { return clock_; }
  SecretSink* secrets() override { return &secrets_; }

  Json essence() override {
    Json containers = Json::object();
    Json machines = Json::object();
    Json volumes = Json::array();
    for (const std::string node : {"pve", "fsn2", "fsn3"}) {
      const std::string path = "/api2/json/nodes/" + node;
      for (const Json& container : read(path + "/lxc")) {
        const std::string vmid = as_text(container["vmid"]);
        containers[vmid] = {
            {"node", node}, {"status", container["status"]}, {"conf", conf_of(std::stoi(vmid))}};
      }
      for (const Json& machine : read(path + "/qemu")) {
        const std::string vmid = as_text(machine["vmid"]);
        machines[vmid] = {{"node", node},
                          {"status", machine["status"]},
                          {"conf", conf_of(std::stoi(vmid))},
                          {"cloudinit", read(path + "/qemu/" + vmid + "/cloudinit")}};
      }
      // Volumes are numbered by chance of what was tried before; their owners and sizes are not.
      for (const Json& volume : read(path + "/storage/local-zfs/content")) {
        volumes.push_back({node, as_text(get(volume, "vmid")), as_text(get(volume, "size"))});
      }
    }
    std::sort(volumes.begin(), volumes.end());
    return {{"containers", containers},
            {"machines", machines},
            {"volumes", volumes},
            {"pools", pools()},
            {"objects", objects()},
            {"access", access()},
            {"firewalls", firewalls(containers, machines)},
            {"server", server()}};
  }

 private:
  // The network in force and what is staged, and the settings.
  Json server() {
    const std::string node = "/api2/json/nodes/pve";
    Json told = {{"options", read("/api2/json/cluster/options")}};
    for (const std::string part : {"network", "dns", "hosts", "apt/repositories"}) {
      told[part] = read(node + "/" + part);
    }
    told["timezone"] = get(read(node + "/time"), "timezone");
    return told;
  }

  Json pools() {
    Json pools = Json::object();
    for (const Json& pool : read("/api2/json/pools")) {
      const std::string name = text_or(pool, "poolid");
      std::vector<std::string> members;
      const Json answer = read("/api2/json/pools/" + name);
      for (const Json& member : get(answer, "members")) {
        members.push_back(text_or(member, "id"));
      }
      std::sort(members.begin(), members.end());
      pools[name] = {{"comment", text_or(pool, "comment")}, {"members", members}};
    }
    return pools;
  }

  // Secrets differ from run to run; that the one in a file is the token's own does not.
  Json access() {
    Json grants = read("/api2/json/access/acl");
    std::sort(grants.begin(), grants.end());
    Json kept = Json::object();
    for (const auto& [file, secret] : secrets_.files) kept[file] = logs_in(secret);
    return {{"users", read("/api2/json/access/users?full=1")},
            {"groups", read("/api2/json/access/groups")},
            {"roles", read("/api2/json/access/roles")},
            {"grants", std::move(grants)},
            {"secrets", std::move(kept)}};
  }

  // Whether some token has that secret.
  bool logs_in(const std::string& secret) {
    bool answered = false;
    for (const Json& user : read("/api2/json/access/users?full=1")) {
      for (const Json& token : get(user, "tokens")) {
        proxmox_.use_token(text_or(user, "userid") + "!" + text_or(token, "tokenid") + "=" +
                           secret);
        HttpRequest request;
        request.endpoint = "proxmox/fsn1";
        request.path = "/api2/json/version";
        const auto response = proxmox_.send(request);
        proxmox_.use_root();
        answered = answered || (response && response->status == 200);
      }
    }
    return answered;
  }

  Json read(const std::string& path) {
    HttpRequest request;
    request.endpoint = "proxmox/fsn1";
    request.path = path;
    const auto response = proxmox_.send(request);
    if (!response || response->status != 200) throw std::runtime_error("cannot read " + path);
    const Json body = parse_json(response->body).value();
    const Json& changes = get(body, "changes");
    if (changes.is_null()) return get(body, "data");
    return {{"data", get(body, "data")}, {"changes", changes}};
  }

  // Entries of the cluster's own files, by the paths of their lists.
  Json objects() {
    Json lists = Json::object();
    for (const std::string path : {"/storage",
                                   "/cluster/metrics/server",
                                   "/cluster/notifications/endpoints/gotify",
                                   "/cluster/notifications/endpoints/sendmail",
                                   "/cluster/notifications/endpoints/smtp",
                                   "/cluster/notifications/endpoints/webhook",
                                   "/cluster/notifications/matchers",
                                   "/cluster/backup",
                                   "/cluster/replication",
                                   "/cluster/ha/groups",
                                   "/cluster/ha/resources"}) {
      lists[path] = read("/api2/json" + path);
      for (Json& object : lists[path]) object.erase("digest");
    }
    return lists;
  }

  // Every list of every level, with what is in its sets and groups.
  Json firewalls(const Json& containers, const Json& machines) {
    Json all = Json::object();
    const auto take = [&](const std::string& path) {
      return all[path] = read("/api2/json" + path);
    };
    const auto take_inner = [&](const std::string& path, const char* name) {
      for (const Json& item : take(path)) take(path + "/" + text_or(item, name));
    };
    std::vector<std::string> with_sets{"/cluster/firewall"};
    for (const auto& [vmid, container] : containers.items()) {
      with_sets.push_back("/nodes/pve/lxc/" + vmid + "/firewall");
    }
    for (const auto& [vmid, machine] : machines.items()) {
      with_sets.push_back("/nodes/pve/qemu/" + vmid + "/firewall");
    }
    for (const std::string& level : with_sets) {
      for (const char* list : {"/options", "/rules", "/aliases"}) take(level + list);
      take_inner(level + "/ipset", "name");
    }
    take_inner("/cluster/firewall/groups", "group");
    for (const char* list : {"/options", "/rules"}) take("/nodes/pve/firewall" + std::string(list));
    return all;
  }

  std::string conf_of(int vmid) {
    static const std::regex k_mac("([0-9A-F]{2}:){5}[0-9A-F]{2}");
    static const std::regex k_disk("-disk-[0-9]+");
    static const std::regex k_uuid("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    static const std::regex k_time("ctime=[0-9]+");
    std::string conf = proxmox_.host().conf_file(vmid);
    conf = std::regex_replace(std::regex_replace(conf, k_mac, "MAC"), k_disk, "-disk");
    return std::regex_replace(std::regex_replace(conf, k_uuid, "UUID"), k_time, "ctime");
  }

  FakeClock clock_;
  test::FakeSecretSink secrets_;
  test::SimulatedProxmox proxmox_{options()};
  test::NodeShell shell_{proxmox_.host()};

  simulator::SimulatorOptions options() {
    simulator::SimulatorOptions options;
    options.seed = 1;
    options.files.push_back("local:snippets/web-hook.sh");
    options.other_nodes = {"fsn2", "fsn3"};
    options.now = [this] { return clock_.now(); };
    return options;
  }
};

}  // namespace

std::unique_ptr<LawWorld> make_proxmox_world() {
  return std::make_unique<ProxmoxWorld>();
}

}  // namespace aegis::laws
