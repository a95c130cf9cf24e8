#include <fmt/format.h>

#include "simulator/container_calls.h"
#include "simulator/container_fields.h"
#include "simulator/container_rights.h"
#include "simulator/container_update.h"
#include "simulator/container_values.h"
#include "simulator/mount_point.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_default_storage = "local";
constexpr std::string_view k_default_root_gibibytes = "4";

// Bare sizes get the storage of the call, so that every mount names its own from here on.
std::string with_storage(const std::string& key,
                         const std::string& value,
                         const std::string& storage) {
  MountPoint mount = parse_mount_point(key, value);
  const auto allocation = mount.allocation();
  if (!allocation || !allocation->storage.empty()) return value;
  mount.values["volume"] = fmt::format("{}:{}", storage, mount.volume());
  return mount.print();
}

Refusal read_wish(const Call& call, ConfigWish& wish) {
  const std::string storage =
      call.has("storage") ? call.text("storage") : std::string(k_default_storage);
  wish.vmid = call.vmid();
  wish.unprivileged = call.flag("unprivileged");
  bool has_mounts = false;
  for (const auto& [key, value] : call.parameters) {
    // Unused disks cannot be created: Proxmox ignores them here.
    if (container_field(key) == nullptr || is_indexed(key, "unused")) continue;
    has_mounts = has_mounts || is_indexed(key, "mp");
    wish.set[key] = is_mount_key(key) ? with_storage(key, value, storage) : value;
  }
  if (wish.set.contains("rootfs")) return {};
  if (has_mounts) return refuse("mount points configured, but 'rootfs' not set - aborting");
  wish.set["rootfs"] = fmt::format("{}:{}", storage, k_default_root_gibibytes);
  return {};
}

Refusal check_create_rights(const World& world, const Call& call, const ConfigWish& wish) {
  const std::string pool = call.text("pool");
  const std::string path = fmt::format("/vms/{}", wish.vmid);
  const bool by_pool = !pool.empty() && may(world, call.caller, "/pool/" + pool, {"VM.Allocate"});
  if (!by_pool) {
    if (Refusal refusal = require(world, call.caller, path, {"VM.Allocate"})) return refusal;
  }
  ConfigWish changed = wish;
  changed.set.erase("unprivileged");
  if (!by_pool) {
    if (Refusal refusal = check_config_rights(world, call.caller, changed)) return refusal;
  }
  if (Refusal refusal = check_resource_rights(world, call.caller, changed)) return refusal;
  const std::string storage = fmt::format("/storage/{}", storage_of(call.text("ostemplate")));
  return require(world, call.caller, storage, {"Datastore.AllocateSpace", "Datastore.Audit"});
}

Refusal check_create(const World& world, const Call& call, const ConfigWish& wish) {
  if (call.flag("restore")) return refuse("the simulated host does not restore archives", 501);
  if (const auto complaint = formats::volume_id(call.text("ostemplate"))) {
    return refuse(*complaint);
  }
  if (call.has("pool") && !world.pools.contains(call.text("pool"))) {
    return forbidden(fmt::format("pool '{}' does not exist", call.text("pool")));
  }
  if (call.has("storage") && world.storages.find(call.text("storage")) == nullptr) {
    return refuse(fmt::format("storage '{}' does not exist", call.text("storage")));
  }
  for (const auto& [key, value] : wish.set) {
    if (!is_mount_key(key)) continue;
    if (Refusal refusal = check_volume(world, key, value)) return refusal;
  }
  return {};
}

// `unprivileged` is only kept when it is set, and false is not.
Json config_of(const ConfigWish& wish) {
  Json config = Json::object();
  for (const auto& [key, value] : wish.set) {
    if (key != "unprivileged" || value == "1") config[key] = value;
  }
  return config;
}

}  // namespace

Answer create_container(World& world, const Call& call) {
  const int vmid = call.vmid();
  ConfigWish wish;
  if (Refusal refusal = read_wish(call, wish)) return *refusal;
  if (Refusal refusal = check_create_rights(world, call, wish)) return *refusal;
  if (world.find_container(vmid) != nullptr) {
    return refuse(fmt::format("CT {} already exists on node '{}'", vmid, world.options.node));
  }
  if (Refusal refusal = check_create(world, call, wish)) return *refusal;
  Container stub;
  stub.vmid = vmid;
  stub.config = {{"lock", "create"}, {"hostname", fmt::format("CT{}", vmid)}};
  world.containers[vmid] = stub;
  return answer(start_task(world,
                           call.caller,
                           "vzcreate",
                           fmt::format("{}", vmid),
                           {{"verb", "create"},
                            {"vmid", vmid},
                            {"ostemplate", call.text("ostemplate")},
                            {"storage", call.text("storage")},
                            {"pool", call.text("pool")},
                            {"start", call.flag("start")},
                            {"config", config_of(wish)}}));
}

}  // namespace aegis::simulator
