#include "simulator/migration_work.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "simulator/cluster.h"
#include "simulator/container_update.h"
#include "simulator/ha.h"
#include "simulator/mount_point.h"
#include "simulator/qemu_drive.h"
#include "simulator/work.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_ok = "OK";
constexpr std::string_view k_aborted = "migration aborted";

bool is_machine(const World& world, int vmid) {
  return world.machines.contains(vmid);
}

bool asks(const Json& work, std::string_view name) {
  return get(work, name) == true;
}

bool is_shared(const World& world, std::string_view volume_id) {
  const Storage* storage = world.storages.find(storage_of(volume_id));
  return storage == nullptr || storage->shared;
}

std::string mapped(const Json& work, std::string_view storage) {
  const Json& storages = get(work, "storages");
  return text_or(storages, storage, text_or(storages, "", storage));
}

// The guest's own volumes, shared ones among them.
std::vector<std::string> volumes_of(const World& world, int vmid) {
  std::vector<std::string> volumes;
  for (const auto& [id, volume] : world.storages.volumes) {
    if (volume.vmid == vmid && volume.content != "backup") volumes.push_back(id);
  }
  return volumes;
}

// Why a volume has no place on the target; the world is there.
std::string place_problem(const World& world, const std::string& storage, bool machine) {
  if (const Refusal refusal = check_available(world, storage)) return refusal->message;
  const std::string_view content = machine ? "images" : "rootdir";
  if (Storages::holds(*world.storages.find(storage), content)) return {};
  return fmt::format("storage '{}' does not support content type '{}'", storage, content);
}

std::string container_problem(const Container& container, const Json& work) {
  if (container.running && asks(work, "online")) {
    return "lxc live migration is currently not implemented";
  }
  for (const auto& [key, value] : container.config) {
    if (!is_mount_key(key)) continue;
    const MountPoint mount = parse_mount_point(key, value);
    const auto shared = mount.values.find("shared");
    const bool everywhere = shared != mount.values.end() && shared->second == "1";
    if (mount.type() == "volume" || everywhere) continue;
    return fmt::format("cannot migrate local {} mount point '{}'", mount.type(), key);
  }
  return {};
}

std::string machine_problem(const World& world, const Machine& machine, const Json& work) {
  const std::vector<std::string> devices = local_resources(machine);
  if (!devices.empty()) {
    return fmt::format("can't migrate VM which uses local devices: {}", join(devices, ", "));
  }
  bool has_disks = false;
  for (const LocalDisk& disk : local_disks(world, machine)) {
    if (disk.is_cdrom) {
      return fmt::format(
          "Problem found while scanning volumes - can't migrate '{}': local cdrom image",
          disk.volume);
    }
    has_disks = true;
  }
  if (machine.running && has_disks && !asks(work, "local_disks")) {
    return "can't live migrate attached local disks without with-local-disks option";
  }
  return {};
}

std::string problem_of(World& world, const Guest& guest, const Json& work) {
  const std::string target = text_or(work, "target");
  if (!world.answers(target)) return std::string(k_aborted);
  const bool machine = is_machine(world, guest.vmid);
  std::string problem = machine ? machine_problem(world, world.machines.at(guest.vmid), work)
                                : container_problem(world.containers.at(guest.vmid), work);
  for (const std::string& volume : volumes_of(world, guest.vmid)) {
    const std::string storage = mapped(work, storage_of(volume));
    const OnNode visit(world, target);
    if (problem.empty()) problem = place_problem(world, storage, machine);
  }
  return problem;
}

// The name that the volume gets there; the world is on the target.
std::string new_id(World& world, const std::string& old, const Volume& volume, const Json& work) {
  const std::string storage = mapped(work, storage_of(old));
  std::string same = storage + old.substr(old.find(':'));
  if (storage == storage_of(old) && !world.storages.volumes.contains(same)) {
    world.storages.volumes[same] = volume;
    return same;
  }
  if (volume.content == "images") {
    return allocate_image(world, storage, volume.vmid, volume.size);
  }
  return world.storages.allocate(
      *world.storages.find(storage), volume.vmid, volume.size, volume.ctime);
}

void rename_in(ConfigMap& config, const std::map<std::string, std::string>& names) {
  for (auto& [key, value] : config) {
    const std::size_t comma = value.find(',');
    const auto renamed = names.find(value.substr(0, comma));
    if (renamed == names.end()) continue;
    value = renamed->second + (comma == std::string::npos ? "" : value.substr(comma));
  }
}

std::map<std::string, std::string> move_volumes(World& world, const Guest& guest, Task& task) {
  std::map<std::string, std::string> names;
  for (const std::string& old : volumes_of(world, guest.vmid)) {
    if (is_shared(world, old)) continue;
    const Volume volume = world.storages.volumes.at(old);
    world.storages.volumes.erase(old);
    task.log.push_back(fmt::format("volume '{}' is copied", old));
    const OnNode visit(world, text_or(task.work, "target"));
    names[old] = new_id(world, old, volume, task.work);
  }
  return names;
}

std::string move_container(World& world, Container& container, Task& task) {
  const bool was_running = container.running;
  container.running = false;
  if (was_running) apply_pending(world, container);
  const auto names = move_volumes(world, container, task);
  rename_in(container.config, names);
  rename_in(container.pending, names);
  for (auto& [name, snapshot] : container.snapshots) rename_in(snapshot, names);
  container.node = text_or(task.work, "target");
  const OnNode visit(world, container.node);
  if (!was_running) return std::string(k_ok);
  const std::string problem = start_problem(world, container);
  if (!problem.empty()) {
    task.log.push_back(problem);
    return "migration problems";
  }
  container.running = true;
  container.started = world.now();
  return std::string(k_ok);
}

std::string move_machine(World& world, Machine& machine, Task& task) {
  const auto names = move_volumes(world, machine, task);
  rename_in(machine.config, names);
  rename_in(machine.pending, names);
  machine.node = text_or(task.work, "target");
  return std::string(k_ok);
}

std::string migrate(World& world, Task& task) {
  const int vmid = static_cast<int>(as_integer(get(task.work, "vmid")).value_or(0));
  Guest* guest = world.find_guest(vmid);
  if (guest == nullptr || node_of(world, *guest) != world.node) {
    return fmt::format("unable to find configuration file for guest {}", vmid);
  }
  const std::string locked = text_or(task.work, "locked");
  if (!locked.empty()) return locked;
  guest->config.erase("lock");
  std::string problem = problem_of(world, *guest, task.work);
  if (!problem.empty()) return problem;
  return is_machine(world, vmid) ? move_machine(world, world.machines.at(vmid), task)
                                 : move_container(world, world.containers.at(vmid), task);
}

}  // namespace

Json migration_wish(const Call& call, std::string_view storages) {
  Json map = Json::object();
  for (const std::string& pair : split_any(call.text(storages), ", ;")) {
    const std::size_t colon = pair.find(':');
    const bool is_default = colon == std::string::npos;
    // "1" leaves every volume on the storage of the same name.
    if (pair == "1") continue;
    map[is_default ? "" : pair.substr(0, colon)] = is_default ? pair : pair.substr(colon + 1);
  }
  return {{"target", call.text("target")},
          {"online", call.flag("online")},
          {"restart", call.flag("restart")},
          {"local_disks", call.flag("with-local-disks")},
          {"storages", std::move(map)}};
}

std::string begin_migration(World& world, const Caller& caller, Guest& guest, Json wish) {
  const std::string id = fmt::format("{}", guest.vmid);
  const std::string sid = ha_id(world, guest.vmid);
  const bool machine = is_machine(world, guest.vmid);
  wish["vmid"] = guest.vmid;
  if (!ha_state_of(world, sid).empty() && wish["verb"].is_null()) {
    wish["verb"] = "want_node";
    return start_task(world, caller, "hamigrate", id, std::move(wish));
  }
  wish["verb"] = "migrate";
  const std::string lock = guest.value("lock");
  if (lock.empty()) {
    guest.config["lock"] = "migrate";
  } else {
    wish["locked"] = fmt::format("{} is locked ({})", machine ? "VM" : "CT", lock);
  }
  return start_task(world, caller, machine ? "qmigrate" : "vzmigrate", id, std::move(wish));
}

std::optional<std::string> perform_migration_work(World& world, Task& task) {
  const std::string verb = text_or(task.work, "verb");
  if (verb == "migrate") return migrate(world, task);
  if (verb != "want_node") return std::nullopt;
  Guest* guest = world.find_guest(static_cast<int>(as_integer(task.work["vmid"]).value_or(0)));
  if (guest == nullptr) return std::string(k_aborted);
  // The manager restarts containers and moves machines while they run.
  Json wish = task.work;
  wish["restart"] = wish["online"] = guest->running;
  if (world.containers.contains(guest->vmid)) wish["online"] = false;
  wish["local_disks"] = true;
  begin_migration(world, Caller{"root@pam"}, *guest, std::move(wish));
  return std::string(k_ok);
}

void abandon_migration(World& world, const Task& task) {
  if (!text_or(task.work, "locked").empty()) return;
  const int vmid = static_cast<int>(as_integer(get(task.work, "vmid")).value_or(0));
  Guest* guest = world.find_guest(vmid);
  if (guest == nullptr) return;
  guest->config.erase("lock");
  if (!is_machine(world, vmid)) guest->running = false;
}

std::vector<std::string> local_resources(const Machine& machine) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : machine.config) {
    const bool host_device = is_indexed(key, "hostpci") || is_indexed(key, "usb");
    const bool mapped = value.find("mapping=") != std::string::npos;
    const bool emulated = value.starts_with("spice");
    const bool port = is_indexed(key, "serial") && value.starts_with('/');
    if ((host_device && !mapped && !emulated) || port) keys.push_back(key);
  }
  return keys;
}

std::vector<LocalDisk> local_disks(const World& world, const Machine& machine) {
  std::vector<LocalDisk> disks;
  for (const auto& [key, value] : machine.config) {
    const bool is_unused = is_indexed(key, "unused");
    if (!is_drive_key(key) && !is_unused) continue;
    const Drive drive = is_unused ? Drive() : parse_drive(key, value);
    const std::string volume = is_unused ? value : drive.file();
    if (volume.find(':') == std::string::npos || is_shared(world, volume)) continue;
    disks.push_back({volume, drive.is_cdrom() && !drive.is_cloudinit(), is_unused});
  }
  return disks;
}

}  // namespace aegis::simulator
