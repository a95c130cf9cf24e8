#include "simulator/cluster.h"
#include "simulator/hotplug.h"
#include "simulator/migration_work.h"
#include "simulator/qemu_values.h"
#include "simulator/routes.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Field k_vmid{.name = "vmid", .type = integer, .required = true, .format = formats::vmid};
const Field k_target{.name = "target", .required = true, .format = formats::node};

const std::vector<Field> k_container{k_node,
                                     k_vmid,
                                     k_target,
                                     {.name = "bwlimit", .type = number, .minimum = 0},
                                     {.name = "online", .type = boolean},
                                     {.name = "restart", .type = boolean},
                                     {.name = "target-storage"},
                                     {.name = "timeout", .type = integer}};
const std::vector<Field> k_machine{k_node,
                                   k_vmid,
                                   k_target,
                                   {.name = "bwlimit", .type = integer, .minimum = 0},
                                   {.name = "force", .type = boolean},
                                   {.name = "migration_network"},
                                   {.name = "migration_type", .choices = {"secure", "insecure"}},
                                   {.name = "online", .type = boolean},
                                   {.name = "targetstorage"},
                                   {.name = "with-local-disks", .type = boolean}};
const std::vector<Field> k_preconditions{
    k_node, k_vmid, {.name = "target", .format = formats::node}};

Refusal check_target(const World& world, const Call& call) {
  if (call.text("target") == world.node) return invalid("target", "target is local node.");
  return check_cluster_node(world, call.text("target"));
}

Refusal check_storages(const World& world, const Call& call, const Json& wish) {
  for (const Json& storage : get(wish, "storages")) {
    const std::string path = "/storage/" + as_text(storage);
    if (Refusal refusal = require(world, call.caller, path, {"Datastore.AllocateSpace"})) {
      return refusal;
    }
  }
  return {};
}

Answer migrate_container(World& world, const Call& call) {
  if (Refusal refusal = check_target(world, call)) return *refusal;
  Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  if (container->running && !call.flag("online") && !call.flag("restart")) {
    return refuse("can't migrate running container without --online or --restart");
  }
  Json wish = migration_wish(call, "target-storage");
  if (Refusal refusal = check_storages(world, call, wish)) return *refusal;
  return answer(begin_migration(world, call.caller, *container, std::move(wish)));
}

Answer migrate_machine(World& world, const Call& call) {
  if (Refusal refusal = check_target(world, call)) return *refusal;
  for (const char* name : {"force", "migration_type", "migration_network"}) {
    if (call.has(name) && !call.caller.is_root()) {
      return invalid(name, "Only root may use this option.");
    }
  }
  Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  if (machine->running && !call.flag("online")) {
    return refuse("can't migrate running VM without --online");
  }
  Json wish = migration_wish(call, "targetstorage");
  if (Refusal refusal = check_storages(world, call, wish)) return *refusal;
  return answer(begin_migration(world, call.caller, *machine, std::move(wish)));
}

// The storages of the machine's disks that a node does not have.
Json missing_storages(World& world, const std::string& node, const std::vector<LocalDisk>& disks) {
  Json missing = Json::array();
  const OnNode visit(world, node);
  for (const LocalDisk& disk : disks) {
    const std::string storage(storage_of(disk.volume));
    if (check_available(world, storage)) missing.push_back(storage);
  }
  return missing;
}

Answer read_preconditions(World& world, const Call& call) {
  const Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  const std::vector<LocalDisk> disks = local_disks(world, *machine);
  Json told{{"running", machine->running ? 1 : 0},
            {"local_disks", Json::array()},
            {"local_resources", local_resources(*machine)},
            {"mapped-resources", Json::array()}};
  for (const LocalDisk& disk : disks) {
    const auto volume = world.storages.volumes.find(disk.volume);
    told["local_disks"].push_back(
        {{"volid", disk.volume},
         {"size", volume == world.storages.volumes.end() ? 0 : volume->second.size},
         {"cdrom", disk.is_cdrom ? 1 : 0},
         {"is_unused", disk.is_unused ? 1 : 0}});
  }
  if (machine->running) return answer(std::move(told));
  told["allowed_nodes"] = Json::array();
  told["not_allowed_nodes"] = Json::object();
  for (const std::string& node : node_names(world)) {
    if (node == world.node || !world.answers(node)) continue;
    Json missing = missing_storages(world, node, disks);
    if (missing.empty()) {
      told["allowed_nodes"].push_back(node);
    } else {
      told["not_allowed_nodes"][node] = {{"unavailable_storages", std::move(missing)}};
    }
  }
  return answer(std::move(told));
}

}  // namespace

std::vector<Route> migration_routes() {
  constexpr std::string_view k_guest = "/vms/{vmid}";
  constexpr std::string_view k_machines = "/nodes/{node}/qemu/{vmid}/migrate";
  const std::vector<std::string_view> moves{"VM.Migrate"};
  return {
      {"POST", "/nodes/{node}/lxc/{vmid}/migrate", k_container, migrate_container, k_guest, moves},
      {"GET", k_machines, k_preconditions, read_preconditions, k_guest, moves},
      {"POST", k_machines, k_machine, migrate_machine, k_guest, moves},
  };
}

}  // namespace aegis::simulator
