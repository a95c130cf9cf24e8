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

std::string storage_for(const Call& call) {
  return call.has("storage") ? call.text("storage") : std::string(k_default_storage);
}

// The configuration in the archive that the call restores, or null.
const ConfigMap* archived_config(const World& world, const Call& call) {
  if (!call.flag("restore")) return nullptr;
  const auto archive = world.storages.volumes.find(call.text("ostemplate"));
  return archive == world.storages.volumes.end() ? nullptr : &archive->second.archived_config;
}

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

// Where a restore names no privilege, the archive tells.
bool is_archived_unprivileged(const World& world, const Call& call) {
  const ConfigMap* archived = archived_config(world, call);
  if (archived == nullptr || call.has("unprivileged")) return false;
  const auto found = archived->find("unprivileged");
  return found != archived->end() && found->second == "1";
}

Refusal read_wish(const World& world, const Call& call, ConfigWish& wish) {
  const std::string storage = storage_for(call);
  wish.vmid = call.vmid();
  wish.unprivileged = call.flag("unprivileged") || is_archived_unprivileged(world, call);
  bool has_mounts = false;
  for (const auto& [key, value] : call.parameters) {
    // Unused disks cannot be created: Proxmox ignores them here.
    if (container_field(key) == nullptr || is_indexed(key, "unused")) continue;
    has_mounts = has_mounts || is_indexed(key, "mp");
    wish.set[key] = is_mount_key(key) ? with_storage(key, value, storage) : value;
  }
  if (wish.set.contains("rootfs")) return {};
  if (has_mounts) return refuse("mount points configured, but 'rootfs' not set - aborting");
  // A restore brings the disks of the archive along.
  if (call.flag("restore")) return {};
  wish.set["rootfs"] = fmt::format("{}:{}", storage, k_default_root_gibibytes);
  return {};
}

Refusal check_create_rights(const World& world, const Call& call, const ConfigWish& wish) {
  const std::string pool = call.text("pool");
  const std::string path = fmt::format("/vms/{}", wish.vmid);
  const bool by_pool = !pool.empty() && may(world, call.caller, "/pool/" + pool, {"VM.Allocate"});
  // Who may back a guest up may put it back.
  const bool by_backup = call.flag("restore") && world.containers.contains(wish.vmid) &&
                         may(world, call.caller, path, {"VM.Backup"});
  if (!by_pool && !by_backup) {
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
  if (const auto complaint = formats::volume_id(call.text("ostemplate"))) {
    return refuse(*complaint);
  }
  if (call.has("pool") && !world.pools.contains(call.text("pool"))) {
    return forbidden(fmt::format("pool '{}' does not exist", call.text("pool")));
  }
  if (call.has("storage")) {
    if (Refusal refusal = check_available(world, call.text("storage"))) return refusal;
  }
  for (const auto& [key, value] : wish.set) {
    if (!is_mount_key(key)) continue;
    if (Refusal refusal = check_volume(world, key, value)) return refusal;
  }
  return {};
}

// The archive's own mounts must fit the storage and the caller.
Refusal check_archived_mounts(const World& world, const Call& call, const ConfigWish& wish) {
  const ConfigMap* archived = archived_config(world, call);
  if (archived == nullptr || wish.set.contains("rootfs")) return {};
  const std::string storage = storage_for(call);
  if (Refusal refusal = check_disk_storage(world, call.caller, storage)) return refusal;
  for (const auto& [key, value] : *archived) {
    if (!is_mount_key(key) || call.caller.is_root()) continue;
    if (parse_mount_point(key, value).type() == "volume") continue;
    return refuse(fmt::format("{}: only root@pam may restore bind and device mounts", key));
  }
  return {};
}

// An archive may take the place of a container that is stopped and not protected.
Refusal check_overwrite(const Container& container) {
  if (container.running) return refuse("can't overwrite running container");
  if (container.is_set("protection")) {
    return refuse(fmt::format("unable to restore CT {} - protection mode enabled", container.vmid));
  }
  return check_lock(container);
}

// `unprivileged` is only kept when it is set, and false is not; against an archive it is.
Json config_of(const ConfigWish& wish, bool restores) {
  Json config = Json::object();
  for (const auto& [key, value] : wish.set) {
    if (key != "unprivileged" || value == "1" || restores) config[key] = value;
  }
  return config;
}

void put_stub(World& world, int vmid) {
  if (Container* present = world.find_container(vmid)) {
    present->config["lock"] = "create";
    return;
  }
  Container stub;
  stub.vmid = vmid;
  stub.config = {{"lock", "create"}, {"hostname", fmt::format("CT{}", vmid)}};
  world.containers[vmid] = stub;
}

}  // namespace

Answer create_container(World& world, const Call& call) {
  const int vmid = call.vmid();
  const bool restores = call.flag("restore");
  ConfigWish wish;
  if (Refusal refusal = read_wish(world, call, wish)) return *refusal;
  if (Refusal refusal = check_create_rights(world, call, wish)) return *refusal;
  const Container* present = world.find_container(vmid);
  if (world.find_guest(vmid) != nullptr &&
      !(present != nullptr && restores && call.flag("force"))) {
    return refuse(fmt::format(
        "{} {} already exists on node '{}'", present == nullptr ? "VM" : "CT", vmid, world.node));
  }
  if (Refusal refusal = check_create(world, call, wish)) return *refusal;
  if (Refusal refusal = check_archived_mounts(world, call, wish)) return *refusal;
  if (present != nullptr) {
    if (Refusal refusal = check_overwrite(*present)) return *refusal;
  }
  const Json work{{"verb", restores ? "restore" : "create"},
                  {"vmid", vmid},
                  {"ostemplate", call.text("ostemplate")},
                  {"storage", restores ? storage_for(call) : call.text("storage")},
                  {"pool", call.text("pool")},
                  {"start", call.flag("start")},
                  {"unique", call.flag("unique")},
                  {"overwrite", present != nullptr},
                  {"config", config_of(wish, restores)}};
  put_stub(world, vmid);
  return answer(start_task(
      world, call.caller, restores ? "vzrestore" : "vzcreate", fmt::format("{}", vmid), work));
}

}  // namespace aegis::simulator
