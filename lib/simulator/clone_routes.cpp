#include <fmt/format.h>

#include "simulator/clone_work.h"
#include "simulator/cluster.h"
#include "simulator/container_rights.h"
#include "simulator/container_update.h"
#include "simulator/hotplug.h"
#include "simulator/mount_point.h"
#include "simulator/routes.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Field k_vmid{.name = "vmid", .type = integer, .required = true, .format = formats::vmid};

const std::vector<Field> k_clone{
    k_node,
    k_vmid,
    {.name = "bwlimit", .type = number, .minimum = 0},
    {.name = "description"},
    {.name = "full", .type = boolean},
    {.name = "hostname", .format = formats::dns_name},
    {.name = "newid", .type = integer, .required = true, .format = formats::vmid},
    {.name = "pool", .format = formats::poolid},
    {.name = "snapname", .max_length = 40, .format = formats::configid},
    {.name = "storage", .format = formats::storage_id},
    {.name = "target", .format = formats::node}};

Refusal check_new_guest(const World& world, const Call& call) {
  const std::string newid = call.text("newid");
  const std::string pool = call.text("pool");
  if (!pool.empty() && !world.pools.contains(pool)) {
    return forbidden(fmt::format("pool '{}' does not exist", pool));
  }
  if (!pool.empty() && may(world, call.caller, "/pool/" + pool, {"VM.Allocate"})) return {};
  return require(world, call.caller, "/vms/" + newid, {"VM.Allocate"});
}

// Where each disk of the source goes; refuses what cannot be copied.
Refusal check_disks(const World& world, const Call& call, const ConfigMap& config) {
  for (const auto& [key, value] : config) {
    if (!is_mount_key(key)) continue;
    const MountPoint mount = parse_mount_point(key, value);
    if (mount.type() != "volume") {
      return refuse(fmt::format("unable to clone mountpoint '{}' (type {})", key, mount.type()));
    }
    const std::string storage =
        call.has("storage") ? call.text("storage") : std::string(storage_of(mount.volume()));
    if (Refusal refusal = check_disk_storage(world, call.caller, storage)) return refusal;
  }
  return {};
}

Refusal check_clone(World& world, const Call& call, const Container& source) {
  const int newid = static_cast<int>(call.number("newid"));
  if (Refusal refusal = check_lock(source)) return refusal;
  if (world.find_guest(newid) != nullptr) {
    return refuse(fmt::format("CT {} already exists on node '{}'", newid, world.node));
  }
  const bool is_full = call.has("full") ? call.flag("full") : !source.is_set("template");
  const std::string snapshot = call.text("snapname");
  if (!snapshot.empty() && !source.snapshots.contains(snapshot)) {
    return refuse(fmt::format("snapshot '{}' does not exist", snapshot));
  }
  if (is_full && source.running && snapshot.empty()) {
    return refuse("Cannot do full clones on a running container without snapshots");
  }
  if (!is_full && call.has("storage")) {
    return invalid("storage", "parameter 'storage' not allowed for linked clones");
  }
  if (!is_full && !source.is_set("template") && snapshot.empty()) {
    return refuse("Linked clone feature for mount point 'rootfs' is not available");
  }
  return check_disks(world, call, snapshot.empty() ? source.config : source.snapshots.at(snapshot));
}

Answer clone(World& world, const Call& call) {
  if (Refusal refusal = check_new_guest(world, call)) return *refusal;
  if (call.has("target")) {
    if (Refusal refusal = check_cluster_node(world, call.text("target"))) return *refusal;
    if (call.text("target") != world.node) {
      return refuse("can't clone to another node: the disks are on local storage");
    }
  }
  if (world.find_container(call.vmid()) == nullptr) return missing_container(world, call.vmid());
  if (Refusal refusal = wait_for_file_lock(world, call.vmid())) return *refusal;
  Container* source = world.find_container(call.vmid());
  if (source == nullptr) return missing_container(world, call.vmid());
  if (Refusal refusal = check_clone(world, call, *source)) return *refusal;
  begin_clone(world, *source, static_cast<int>(call.number("newid")));
  return answer(start_task(world,
                           call.caller,
                           "vzclone",
                           fmt::format("{}", call.vmid()),
                           {{"verb", "clone"},
                            {"vmid", call.vmid()},
                            {"newid", call.number("newid")},
                            {"snapshot", call.text("snapname")},
                            {"storage", call.text("storage")},
                            {"hostname", call.text("hostname")},
                            {"description", call.text("description")},
                            {"pool", call.text("pool")}}));
}

}  // namespace

std::vector<Route> clone_routes() {
  return {
      {"POST", "/nodes/{node}/lxc/{vmid}/clone", k_clone, clone, "/vms/{vmid}", {"VM.Clone"}},
  };
}

}  // namespace aegis::simulator
