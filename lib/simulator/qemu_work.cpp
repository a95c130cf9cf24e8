#include "simulator/qemu_work.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/qemu_clone.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_hotplug.h"
#include "simulator/qemu_restore.h"
#include "simulator/qemu_update.h"
#include "simulator/qemu_values.h"
#include "simulator/references.h"
#include "simulator/work.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_prefix = "qemu-";
constexpr std::string_view k_ok = "OK";

int vmid_of(const Task& task) {
  return static_cast<int>(as_integer(get(task.work, "vmid")).value_or(0));
}

void drop(World& world, int vmid) {
  world.machines.erase(vmid);
  world.firewalls.guests.erase(vmid);
  world.injected_locks.erase(vmid);
  std::erase_if(world.storages.volumes, [&](const auto& entry) {
    return entry.second.vmid == vmid && entry.second.content != "backup";
  });
}

// What the host adds to a machine that does not name it.
void add_generated_values(World& world, Machine& machine) {
  machine.config["meta"] = fmt::format("creation-qemu=9.2.0,ctime={}", world.now_seconds());
  if (!machine.config.contains("boot")) {
    const std::string boot = default_boot(machine);
    if (!boot.empty()) machine.config["boot"] = boot;
  }
  if (!machine.config.contains("smbios1")) {
    machine.config["smbios1"] = fmt::format("uuid={}", world.random.uuid());
  }
  const std::string generation = machine.value("vmgenid");
  if (generation.empty() || generation == "1") machine.config["vmgenid"] = world.random.uuid();
}

std::string create(World& world, Task& task) {
  Machine machine;
  machine.vmid = vmid_of(task);
  for (const auto& [key, value] : get(task.work, "config").items()) {
    std::string problem;
    const std::string text = as_text(value);
    const std::string stored = is_drive_key(key) ? realise_drive(world, machine, key, text, problem)
                                                 : stored_machine_value(world, key, text);
    if (!problem.empty()) {
      drop(world, machine.vmid);
      return fmt::format("unable to create VM {} - {}", machine.vmid, problem);
    }
    if (!stored.empty()) machine.config[key] = stored;
    if (is_drive_key(key)) {
      task.log.push_back(fmt::format("{}: successfully created disk '{}'", key, stored));
    }
  }
  add_generated_values(world, machine);
  generate_cloudinit(machine);
  const int vmid = machine.vmid;
  world.machines[vmid] = std::move(machine);
  finish_making(world, task, vmid);
  return std::string(k_ok);
}

std::string start(World& world, Machine& machine) {
  if (const Refusal locked = check_machine_lock(machine)) return locked->message;
  if (machine.running) return fmt::format("VM {} already running", machine.vmid);
  apply_machine_pending(world, machine);
  std::string problem = machine_start_problem(world, machine);
  if (!problem.empty()) return problem;
  generate_cloudinit(machine);
  machine.running = true;
  machine.started = world.now();
  return std::string(k_ok);
}

std::string stop(World& world, Machine& machine) {
  if (!machine.running) return std::string(k_ok);
  if (const Refusal locked = check_machine_lock(machine)) return locked->message;
  machine.running = false;
  apply_machine_pending(world, machine);
  return std::string(k_ok);
}

std::string reboot(World& world, Machine& machine) {
  if (!machine.running) return std::string(k_ok);
  std::string stopped = stop(world, machine);
  return stopped == k_ok ? start(world, machine) : stopped;
}

// A base volume of which linked clones live cannot go.
std::string used_base(const World& world, int vmid) {
  for (const auto& [id, volume] : world.storages.volumes) {
    if (volume.vmid != vmid) continue;
    const std::string prefix = id + "/";
    const auto clone = world.storages.volumes.lower_bound(prefix);
    if (clone != world.storages.volumes.end() && clone->first.starts_with(prefix)) return id;
  }
  return {};
}

std::string destroy(World& world, const Machine& machine, const Json& work) {
  const int vmid = machine.vmid;
  if (machine.running) return fmt::format("VM {} is running - destroy failed", vmid);
  if (const Refusal locked = check_machine_lock(machine)) return locked->message;
  const std::string base = used_base(world, vmid);
  if (!base.empty()) {
    return fmt::format("base volume '{}' is still in use by linked cloned", base);
  }
  drop(world, vmid);
  forget_guest(world, vmid);
  if (get(work, "purge") == true) purge_references(world, vmid);
  return std::string(k_ok);
}

std::string resize(World& world, Machine& machine, const Json& work) {
  if (const Refusal changed = check_machine_digest(machine, text_or(work, "digest"))) {
    return changed->message;
  }
  if (const Refusal locked = check_machine_lock(machine)) return locked->message;
  const std::string disk = text_or(work, "disk");
  if (!machine.config.contains(disk)) return fmt::format("disk '{}' does not exist", disk);
  Drive drive = parse_drive(disk, machine.value(disk));
  if (drive.is_cdrom()) return "you can't resize a cdrom";
  const auto volume = world.storages.volumes.find(drive.file());
  if (volume == world.storages.volumes.end()) {
    return fmt::format("volume '{}' does not exist", drive.file());
  }
  const std::string wanted = text_or(work, "size");
  const bool relative = wanted.starts_with('+');
  const std::int64_t present = volume->second.size;
  const std::int64_t size =
      parse_disk_size(relative ? wanted.substr(1) : wanted).value_or(0) + (relative ? present : 0);
  if (size < present) return "shrinking disks is not supported";
  volume->second.size = size;
  drive.values["size"] = format_disk_size(size);
  machine.config[disk] = drive.print();
  return std::string(k_ok);
}

}  // namespace

bool is_machine_work(const Task& task) {
  return text_or(task.work, "verb").starts_with(k_prefix);
}

std::string perform_machine_work(World& world, Task& task) {
  const std::string verb = text_or(task.work, "verb").substr(k_prefix.size());
  if (verb == "create") return create(world, task);
  if (verb == "clone") return perform_machine_clone(world, task.work);
  if (verb == "restore") return perform_machine_restore(world, task);
  Machine* machine = world.find_machine(vmid_of(task));
  if (machine == nullptr) return missing_machine(world, vmid_of(task)).message;
  if (verb == "configure") return perform_machine_update(world, *machine, task.work);
  if (verb == "start") return start(world, *machine);
  if (verb == "stop") return stop(world, *machine);
  if (verb == "reboot") return reboot(world, *machine);
  if (verb == "destroy") return destroy(world, *machine, task.work);
  if (verb == "resize") return resize(world, *machine, task.work);
  if (verb == "template") return perform_machine_template(world, *machine);
  return fmt::format("unknown work '{}'", verb);
}

void abandon_machine_work(World& world, const Task& task) {
  const std::string verb = text_or(task.work, "verb").substr(k_prefix.size());
  if (verb == "create" || verb == "clone") world.machines.erase(vmid_of(task));
  if (verb == "restore") abandon_machine_restore(world, task);
}

}  // namespace aegis::simulator
