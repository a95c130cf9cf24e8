#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "simulator/cluster.h"
#include "simulator/node_calls.h"

namespace aegis::simulator {
namespace {

constexpr int k_first_vmid = 100;

Json node_item(const World& world, const std::string& node) {
  return {{"id", fmt::format("node/{}", node)},
          {"node", node},
          {"type", "node"},
          {"status", world.answers(node) ? "online" : "offline"},
          {"level", ""}};
}

// What nobody broadcasts of a node that is down is not known.
void add_guest(const World& world, const Call& call, const Guest& guest, Json item, Json& items) {
  if (!may(world, call.caller, fmt::format("/vms/{}", guest.vmid), {"VM.Audit"})) return;
  const std::string pool = world.pool_of(guest.vmid);
  if (!pool.empty()) item["pool"] = pool;
  if (!world.answers(node_of(world, guest))) {
    item["status"] = "unknown";
    item.erase("name");
  }
  items.push_back(std::move(item));
}

Json storage_resource(const World& world, const Storage& storage) {
  return {{"id", fmt::format("storage/{}/{}", world.node, storage.name)},
          {"type", "storage"},
          {"node", world.node},
          {"storage", storage.name},
          {"plugintype", storage.type},
          {"content", storage.content},
          {"shared", storage.shared ? 1 : 0},
          {"status", storage.active ? "available" : "unknown"},
          {"disk", world.storages.used(storage.name)},
          {"maxdisk", storage.active ? storage.total : 0}};
}

Json network_resource(const World& world) {
  return {{"id", fmt::format("sdn/{}/localnetwork", world.node)},
          {"type", "sdn"},
          {"node", world.node},
          {"sdn", "localnetwork"},
          {"status", "ok"}};
}

bool sees_storage(const World& world, const Caller& caller, const StorageOptions& storage) {
  return may(
      world, caller, "/storage/" + storage.name, {"Datastore.Audit", "Datastore.AllocateSpace"});
}

}  // namespace

Answer read_version(World&, const Call&) {
  return answer({{"version", "8.4.21"}, {"release", "8.4"}, {"repoid", "2606ac850d46da29"}});
}

Answer list_resources(World& world, const Call& call) {
  const auto wants = [&](std::string_view type) {
    return !call.has("type") || call.text("type") == type;
  };
  Json items = Json::array();
  for (const auto& [vmid, container] : world.containers) {
    if (!wants("vm")) break;
    const std::string& node = node_of(world, container);
    Json item = resource_item(container, world.now(), world.options.host_cores, node);
    add_guest(world, call, container, std::move(item), items);
  }
  for (const auto& [vmid, machine] : world.machines) {
    if (!wants("vm")) break;
    Json item = resource_item(machine, world.now(), node_of(world, machine));
    add_guest(world, call, machine, std::move(item), items);
  }
  for (const std::string& node : node_names(world)) {
    if (wants("node")) items.push_back(node_item(world, node));
    const OnNode visit(world, node);
    for (const Storage& storage : world.storages.storages) {
      const bool is_seen = storage.enabled && sees_storage(world, call.caller, storage);
      if (wants("storage") && is_seen) items.push_back(storage_resource(world, storage));
    }
    if (wants("sdn") && may(world, call.caller, "/sdn/zones/localnetwork", {"SDN.Audit"})) {
      items.push_back(network_resource(world));
    }
  }
  return answer(std::move(items));
}

Answer cluster_status(World& world, const Call&) {
  Json items = Json::array();
  const std::vector<std::string> nodes = node_names(world);
  if (nodes.size() > 1) {
    items.push_back({{"id", "cluster"},
                     {"type", "cluster"},
                     {"name", "simulated"},
                     {"nodes", nodes.size()},
                     {"quorate", 1},
                     {"version", nodes.size()}});
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    items.push_back({{"id", fmt::format("node/{}", nodes[i])},
                     {"name", nodes[i]},
                     {"type", "node"},
                     {"ip", fmt::format("127.0.0.{}", i + 1)},
                     {"level", ""},
                     {"local", i == 0 ? 1 : 0},
                     {"nodeid", nodes.size() == 1 ? 0 : i + 1},
                     {"online", world.answers(nodes[i]) ? 1 : 0}});
  }
  return answer(std::move(items));
}

Answer next_id(World& world, const Call& call) {
  if (call.has("vmid")) {
    if (world.find_guest(call.vmid()) == nullptr) return answer(call.text("vmid"));
    return invalid("vmid", fmt::format("VM {} already exists", call.vmid()));
  }
  int free = k_first_vmid;
  while (world.find_guest(free) != nullptr) ++free;
  return answer(fmt::format("{}", free));
}

Answer cluster_options(World& world, const Call& call) {
  std::set<std::string> tags;
  for (const auto& [vmid, container] : world.containers) {
    for (const std::string& tag : split_any(container.value("tags"), "; ")) tags.insert(tag);
  }
  for (const auto& [vmid, machine] : world.machines) {
    for (const std::string& tag : split_any(machine.value("tags"), "; ")) tags.insert(tag);
  }
  Json options = Json::object();
  if (may(world, call.caller, "/", {"Sys.Audit"})) options = shown_options(world.settings);
  for (const Json& tag : get(options, "registered-tags")) tags.insert(as_text(tag));
  options["allowed-tags"] = tags;
  return answer(std::move(options));
}

Answer list_nodes(World& world, const Call& call) {
  Json items = Json::array();
  for (const std::string& node : node_names(world)) {
    Json item = node_item(world, node);
    if (world.answers(node) && may(world, call.caller, "/nodes/" + node, {"Sys.Audit"})) {
      item["maxcpu"] = world.options.host_cores;
      item["maxmem"] = world.options.host_memory;
      item["mem"] = world.options.host_memory / 8;
      item["cpu"] = 0;
      item["uptime"] = 86400;
    }
    items.push_back(std::move(item));
  }
  return answer(std::move(items));
}

Answer node_status(World& world, const Call&) {
  const std::int64_t used = world.options.host_memory / 8;
  return answer({{"pveversion", "pve-manager/8.4.21/2606ac850d46da29"},
                 {"kversion", "Linux 6.8.12-4-pve #1 SMP PREEMPT_DYNAMIC"},
                 {"uptime", 86400},
                 {"cpu", 0},
                 {"cpuinfo",
                  {{"cpus", world.options.host_cores},
                   {"cores", world.options.physical_cores},
                   {"model", world.options.cpu_model},
                   {"sockets", 1}}},
                 {"loadavg", {"0.00", "0.00", "0.00"}},
                 {"memory",
                  {{"total", world.options.host_memory},
                   {"used", used},
                   {"free", world.options.host_memory - used}}}});
}

}  // namespace aegis::simulator
