#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "simulator/node_calls.h"

namespace aegis::simulator {
namespace {

constexpr int k_first_vmid = 100;

Json node_item(const World& world) {
  return {{"id", fmt::format("node/{}", world.options.node)},
          {"node", world.options.node},
          {"type", "node"},
          {"status", "online"},
          {"level", ""}};
}

Json storage_resource(const World& world, const Storage& storage) {
  return {{"id", fmt::format("storage/{}/{}", world.options.node, storage.name)},
          {"type", "storage"},
          {"node", world.options.node},
          {"storage", storage.name},
          {"plugintype", storage.type},
          {"content", storage.content},
          {"shared", storage.shared ? 1 : 0},
          {"status", storage.active ? "available" : "unknown"},
          {"disk", world.storages.used(storage.name)},
          {"maxdisk", storage.active ? storage.total : 0}};
}

Json network_resource(const World& world) {
  return {{"id", fmt::format("sdn/{}/localnetwork", world.options.node)},
          {"type", "sdn"},
          {"node", world.options.node},
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
    if (!may(world, call.caller, fmt::format("/vms/{}", vmid), {"VM.Audit"})) continue;
    Json item = resource_item(container, world.now(), world.options.host_cores, world.options.node);
    const std::string pool = world.pool_of(vmid);
    if (!pool.empty()) item["pool"] = pool;
    items.push_back(std::move(item));
  }
  for (const auto& [vmid, machine] : world.machines) {
    if (!wants("vm")) break;
    if (!may(world, call.caller, fmt::format("/vms/{}", vmid), {"VM.Audit"})) continue;
    Json item = resource_item(machine, world.now(), world.options.node);
    const std::string pool = world.pool_of(vmid);
    if (!pool.empty()) item["pool"] = pool;
    items.push_back(std::move(item));
  }
  if (wants("node")) items.push_back(node_item(world));
  for (const Storage& storage : world.storages.storages) {
    if (!wants("storage") || !storage.enabled || !sees_storage(world, call.caller, storage))
      continue;
    items.push_back(storage_resource(world, storage));
  }
  if (wants("sdn") && may(world, call.caller, "/sdn/zones/localnetwork", {"SDN.Audit"})) {
    items.push_back(network_resource(world));
  }
  return answer(std::move(items));
}

Answer cluster_status(World& world, const Call&) {
  return answer(Json::array({{{"id", fmt::format("node/{}", world.options.node)},
                              {"name", world.options.node},
                              {"type", "node"},
                              {"ip", "127.0.0.1"},
                              {"level", ""},
                              {"local", 1},
                              {"nodeid", 0},
                              {"online", 1}}}));
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
  Json item = node_item(world);
  if (may(world, call.caller, "/nodes/" + world.options.node, {"Sys.Audit"})) {
    item["maxcpu"] = world.options.host_cores;
    item["maxmem"] = world.options.host_memory;
    item["mem"] = world.options.host_memory / 8;
    item["cpu"] = 0;
    item["uptime"] = 86400;
  }
  return answer(Json::array({item}));
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
