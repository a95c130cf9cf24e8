#include "simulator/qemu_restore.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "base/text.h"
#include "simulator/mount_point.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_fields.h"
#include "simulator/qemu_machine.h"
#include "simulator/qemu_rights.h"
#include "simulator/qemu_values.h"
#include "simulator/work.h"

namespace aegis::simulator {
namespace {

constexpr double k_gibibyte = 1 << 30;

const Volume* find_archive(const World& world, const std::string& id) {
  const auto found = world.storages.volumes.find(id);
  const bool is_backup =
      found != world.storages.volumes.end() && found->second.content == "backup" &&
      (id.find("/vzdump-qemu-") != std::string::npos || id.find("backup/vm/") != std::string::npos);
  return is_backup ? &found->second : nullptr;
}

// What the call sets besides; drives come from the archive alone.
Refusal read_wish(const Call& call, MachineWish& wish) {
  wish.vmid = call.vmid();
  for (const auto& [key, value] : call.parameters) {
    if (machine_field(key) == nullptr || key == "lock") continue;
    if (is_drive_key(key)) {
      return invalid("archive", fmt::format("option conflicts with other options ({})", key));
    }
    wish.set[key] = value;
  }
  return {};
}

Refusal check_rights(const World& world, const Call& call, const MachineWish& wish) {
  const std::string path = fmt::format("/vms/{}", wish.vmid);
  const std::string pool = call.text("pool");
  const bool by_pool = !pool.empty() && may(world, call.caller, "/pool/" + pool, {"VM.Allocate"});
  // Who may back a guest up may put it back.
  const bool by_backup = call.flag("force") && world.machines.contains(wish.vmid) &&
                         may(world, call.caller, path, {"VM.Backup"});
  if (!by_pool && !by_backup) {
    if (Refusal refusal = require(world, call.caller, path, {"VM.Allocate"})) return refusal;
  }
  const std::string archive = fmt::format("/storage/{}", storage_of(call.text("archive")));
  if (Refusal refusal =
          require(world, call.caller, archive, {"Datastore.AllocateSpace", "Datastore.Audit"})) {
    return refusal;
  }
  if (!call.has("storage")) return {};
  const std::string storage = call.text("storage");
  if (Refusal refusal = check_available(world, storage)) return refusal;
  return require(world, call.caller, "/storage/" + storage, {"Datastore.AllocateSpace"});
}

Refusal check_target(World& world, const Call& call) {
  const int vmid = call.vmid();
  const Machine* present = world.find_machine(vmid);
  if (world.find_guest(vmid) == nullptr) return {};
  if (present == nullptr || !call.flag("force")) {
    return refuse(fmt::format("unable to restore VM {0} - {1} {0} already exists on node '{2}'",
                              vmid,
                              present == nullptr ? "CT" : "VM",
                              world.node));
  }
  if (present->is_set("protection")) {
    return refuse(fmt::format("unable to restore VM {} - protection mode enabled", vmid));
  }
  if (present->running) return refuse(fmt::format("unable to restore VM {} - vm is running", vmid));
  return check_machine_lock(*present);
}

// An archived drive, made anew on `storage`, or on the one that it was on.
std::string restored_drive(World& world,
                           const Machine& machine,
                           const std::string& key,
                           const std::string& value,
                           std::string storage,
                           std::string& problem) {
  Drive drive = parse_drive(key, value);
  if (drive.is_cdrom() && !drive.is_cloudinit()) return value;
  if (storage.empty()) storage = std::string(storage_of(drive.file()));
  if (drive.is_cloudinit()) {
    return realise_drive(world, machine, key, storage + ":cloudinit,media=cdrom", problem);
  }
  if (const Refusal refusal = check_available(world, storage)) {
    problem = refusal->message;
    return {};
  }
  const std::int64_t bytes = parse_disk_size(drive.value("size")).value_or(0);
  drive.values["file"] = fmt::format("{}:{}", storage, static_cast<double>(bytes) / k_gibibyte);
  drive.values.erase("size");
  return realise_drive(world, machine, key, drive.print(), problem);
}

// Proxmox gives a restored machine another generation, and with `unique` other addresses.
std::string restored_value(World& world,
                           const std::string& key,
                           const std::string& value,
                           bool unique) {
  if (key == "vmgenid") return world.random.uuid();
  if (unique && key == "smbios1") return fmt::format("uuid={}", world.random.uuid());
  if (!unique || !is_indexed(key, "net")) return value;
  Parameters net = parse_machine_net(value);
  std::string fresh = value;
  const std::string& mac = net["macaddr"];
  fresh.replace(fresh.find(mac), mac.size(), world.random.mac_address());
  return fresh;
}

// The machine that the archive and the call make; or `problem`.
Machine restored(World& world, const Task& task, const ConfigMap& archived, std::string& problem) {
  Machine machine;
  machine.vmid = static_cast<int>(as_integer(get(task.work, "vmid")).value_or(0));
  const bool unique = get(task.work, "unique") == true;
  for (const auto& [key, value] : archived) {
    const bool is_drive = is_drive_key(key);
    if (is_indexed(key, "unused") || key == "template" || !problem.empty()) continue;
    if (is_drive && !parse_drive(key, value).is_cdrom() && !is_backed_up(key, value)) continue;
    const std::string stored =
        is_drive
            ? restored_drive(world, machine, key, value, text_or(task.work, "storage"), problem)
            : restored_value(world, key, value, unique);
    if (!stored.empty()) machine.config[key] = stored;
  }
  for (const auto& [key, value] : get(task.work, "config").items()) {
    machine.config[key] = stored_machine_value(world, key, as_text(value));
  }
  return machine;
}

// The disks of the machine that is replaced: those that the archive has go, the others stay.
void settle_old_disks(World& world, const Machine& old, Machine& machine) {
  for (const auto& [key, value] : old.config) {
    if (!is_drive_key(key)) continue;
    const Drive drive = parse_drive(key, value);
    const auto restored = machine.config.find(key);
    if (restored == machine.config.end()) {
      release_drive(world, machine, drive);
      continue;
    }
    // A cloud-init drive has one name only: it was made anew in place.
    const bool replaced = parse_drive(key, restored->second).file() != drive.file();
    if (replaced && !drive.is_cdrom()) world.storages.volumes.erase(drive.file());
  }
}

}  // namespace

Answer restore_machine(World& world, const Call& call) {
  MachineWish wish;
  const std::string pool = call.text("pool");
  if (Refusal refusal = read_wish(call, wish)) return *refusal;
  if (!pool.empty() && !world.pools.contains(pool)) {
    return forbidden(fmt::format("pool '{}' does not exist", pool));
  }
  if (Refusal refusal = check_rights(world, call, wish)) return *refusal;
  if (Refusal refusal = check_target(world, call)) return *refusal;
  const bool overwrites = world.find_machine(wish.vmid) != nullptr;
  if (!overwrites) world.machines[wish.vmid].vmid = wish.vmid;
  world.machines[wish.vmid].config["lock"] = "create";
  return answer(start_task(world,
                           call.caller,
                           "qmrestore",
                           fmt::format("{}", wish.vmid),
                           {{"verb", "qemu-restore"},
                            {"vmid", wish.vmid},
                            {"archive", call.text("archive")},
                            {"storage", call.text("storage")},
                            {"unique", call.flag("unique")},
                            {"pool", pool},
                            {"start", call.flag("start")},
                            {"overwrite", overwrites},
                            {"config", wish.set}}));
}

std::string perform_machine_restore(World& world, Task& task) {
  const int vmid = static_cast<int>(as_integer(get(task.work, "vmid")).value_or(0));
  const std::string id = text_or(task.work, "archive");
  const Volume* archive = find_archive(world, id);
  if (archive == nullptr) {
    abandon_machine_restore(world, task);
    return fmt::format("unable to restore VM {} - volume '{}' does not exist", vmid, id);
  }
  std::string problem;
  const ConfigMap archived = archive->archived_config;
  Machine machine = restored(world, task, archived, problem);
  if (!problem.empty()) {
    for (const auto& [key, value] : machine.config) {
      const Drive drive = is_drive_key(key) ? parse_drive(key, value) : Drive();
      if (!drive.is_cdrom()) world.storages.volumes.erase(drive.file());
    }
    abandon_machine_restore(world, task);
    return fmt::format("unable to restore VM {} - {}", vmid, problem);
  }
  if (Machine* old = world.find_machine(vmid)) settle_old_disks(world, *old, machine);
  generate_cloudinit(machine);
  world.machines[vmid] = std::move(machine);
  finish_making(world, task, vmid);
  return "OK";
}

void abandon_machine_restore(World& world, const Task& task) {
  const int vmid = static_cast<int>(as_integer(get(task.work, "vmid")).value_or(0));
  if (get(task.work, "overwrite") == true) {
    if (Machine* machine = world.find_machine(vmid)) machine->config.erase("lock");
  } else {
    world.machines.erase(vmid);
  }
}

bool is_backed_up(std::string_view key, std::string_view value) {
  const Drive drive = parse_drive(key, value);
  return !drive.is_cdrom() && drive.value("backup") != "0";
}

}  // namespace aegis::simulator
