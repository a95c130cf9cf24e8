#include "simulator/backup_work.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "simulator/cluster.h"
#include "simulator/content_calls.h"
#include "simulator/mount_point.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_restore.h"
#include "simulator/retention.h"
#include "simulator/snapshot_work.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_ok = "OK";
constexpr std::string_view k_job_errors = "job errors";
// How much of a disk an archive takes: test disks are nearly empty.
constexpr std::int64_t k_emptiness = 1024;

int vmid_of(const Json& number) {
  return static_cast<int>(as_integer(number).value_or(0));
}

// The guest, when it is on this node: a backup is made where the guest is.
Guest* guest_here(World& world, int vmid) {
  Guest* guest = world.find_guest(vmid);
  return guest != nullptr && node_of(world, *guest) == world.node ? guest : nullptr;
}

std::string ending_of(bool machine, std::string_view compress) {
  const std::string kind = machine ? ".vma" : ".tar";
  if (compress == "zstd") return kind + ".zst";
  if (compress == "gzip") return kind + ".gz";
  return compress == "lzo" || compress == "1" ? kind + ".lzo" : kind;
}

std::string archive_id(const World& world, const Task& task, int vmid) {
  const std::string storage = text_or(task.work, "storage");
  const bool is_server = world.storages.find(storage)->type == "pbs";
  for (std::int64_t seconds = world.now_seconds();; ++seconds) {
    const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
    const bool machine = world.machines.contains(vmid);
    std::string id = is_server ? fmt::format("{}:backup/{}/{}/{:%Y-%m-%dT%H:%M:%SZ}",
                                             storage,
                                             machine ? "vm" : "ct",
                                             vmid,
                                             time)
                               : fmt::format("{}:backup/vzdump-{}-{}-{:%Y_%m_%d-%H_%M_%S}{}",
                                             storage,
                                             machine ? "qemu" : "lxc",
                                             vmid,
                                             time,
                                             ending_of(machine, text_or(task.work, "compress")));
    if (!world.storages.volumes.contains(id)) return id;
  }
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string name_of(const World& world, const Guest& guest) {
  return guest.value(world.machines.contains(guest.vmid) ? "name" : "hostname");
}

std::string notes_of(const World& world, const Task& task, const Guest& guest) {
  std::string notes = text_or(task.work, "notes");
  notes = replaced(notes, "{{guestname}}", name_of(world, guest));
  notes = replaced(notes, "{{vmid}}", fmt::format("{}", guest.vmid));
  notes = replaced(notes, "{{node}}", world.node);
  notes = replaced(notes, "{{cluster}}", "standalone node");
  return replaced(notes, "\\n", "\n");
}

// Root disks always go along, mount points only when they say so; binds never.
bool goes_along(const std::string& key, const MountPoint& mount) {
  const auto backup = mount.values.find("backup");
  const bool is_wanted = backup != mount.values.end() && backup->second == "1";
  return mount.type() == "volume" && (key == "rootfs" || is_wanted);
}

std::string mount_line(const std::string& key, const MountPoint& mount) {
  const auto target = mount.values.find("mp");
  const std::string path = target == mount.values.end() ? "/" : target->second;
  if (goes_along(key, mount)) {
    return fmt::format("INFO: including mount point {} ('{}') in backup", key, path);
  }
  return fmt::format("INFO: excluding {} mount point {} ('{}') from backup ({})",
                     mount.type(),
                     key,
                     path,
                     mount.type() == "volume" ? "disabled" : "not a volume");
}

std::int64_t size_of_disks(const World& world, const Container& container, Task& task) {
  std::int64_t size = 0;
  for (const auto& [key, value] : container.config) {
    if (!is_mount_key(key)) continue;
    const MountPoint mount = parse_mount_point(key, value);
    task.log.push_back(mount_line(key, mount));
    const auto volume = world.storages.volumes.find(mount.volume());
    const bool counts = goes_along(key, mount) && volume != world.storages.volumes.end();
    if (counts) size += volume->second.size;
  }
  return size;
}

std::int64_t size_of_drives(const World& world, const Machine& machine, Task& task) {
  std::int64_t size = 0;
  for (const auto& [key, value] : machine.config) {
    if (!is_drive_key(key)) continue;
    const Drive drive = parse_drive(key, value);
    const auto volume = world.storages.volumes.find(drive.file());
    if (drive.is_cdrom() || volume == world.storages.volumes.end()) continue;
    const bool goes = is_backed_up(key, value);
    task.log.push_back(fmt::format("INFO: {} disk '{}' '{}'{}",
                                   goes ? "include" : "exclude",
                                   key,
                                   drive.file(),
                                   goes ? " " + drive.value("size") : " (backup=no)"));
    if (goes) size += volume->second.size;
  }
  return size;
}

std::string archive_line(const World& world, const std::string& id) {
  const Storage* storage = world.storages.find(storage_of(id));
  if (storage != nullptr && storage->type == "pbs") {
    const std::string name = id.substr(id.find('/') + 1);
    return fmt::format("INFO: creating Proxmox Backup Server archive '{}'", name);
  }
  return fmt::format("INFO: creating vzdump archive '{}'", volume_path(world, id));
}

ConfigMap archived_config(const Guest& guest) {
  ConfigMap config = guest.config;
  for (const char* key : {"lock", "parent"}) config.erase(key);
  return config;
}

// Without `remove` a backup that would be one too many fails; with it, the oldest go.
std::string make_room(const World& world, const Task& task, int vmid) {
  const std::string storage = text_or(task.work, "storage");
  const int limit = backup_limit(text_or(task.work, "rules"));
  const bool removes = as_bool(get(task.work, "remove")).value_or(true);
  const bool is_protected = as_bool(get(task.work, "protected")).value_or(false);
  if (limit == 0 || removes || is_protected) return {};
  const std::vector<PruneMark> present = mark_backups(world, storage, vmid, "keep-all=1");
  const auto counted = std::count_if(present.begin(), present.end(), [](const PruneMark& backup) {
    return backup.mark != "protected";
  });
  if (counted < limit) return {};
  return fmt::format(
      "There is a max backup limit of ({}) enforced by the target storage or the vzdump "
      "parameters. "
      "Either increase the limit or delete old backups.",
      limit);
}

void prune(World& world, std::string_view storage, int vmid, std::string_view rules, Task& task) {
  for (const PruneMark& backup : mark_backups(world, storage, vmid, rules)) {
    if (backup.mark != "remove") continue;
    world.storages.volumes.erase(backup.volume_id);
    task.log.push_back(fmt::format("INFO: removing backup '{}'", backup.volume_id));
  }
}

std::string back_up_one(World& world, Task& task, int vmid) {
  const Guest* guest = guest_here(world, vmid);
  if (guest == nullptr) return "unable to find VM";
  const bool machine = world.machines.contains(vmid);
  if (!may(world, Caller{task.user}, fmt::format("/vms/{}", vmid), {"VM.Backup"})) {
    return "permission denied";
  }
  task.log.push_back(
      fmt::format("INFO: Starting Backup of VM {} ({})", vmid, machine ? "qemu" : "lxc"));
  task.log.push_back(fmt::format("INFO: status = {}", guest->running ? "running" : "stopped"));
  task.log.push_back(
      fmt::format("INFO: {} Name: {}", machine ? "VM" : "CT", name_of(world, *guest)));
  std::string problem = make_room(world, task, vmid);
  if (!problem.empty()) return problem;
  const std::string id = archive_id(world, task, vmid);
  Volume archive;
  archive.content = "backup";
  archive.size = (machine ? size_of_drives(world, world.machines.at(vmid), task)
                          : size_of_disks(world, world.containers.at(vmid), task)) /
                 k_emptiness;
  task.log.push_back(archive_line(world, id));
  archive.vmid = vmid;
  archive.ctime = world.now_seconds();
  archive.notes = notes_of(world, task, *guest);
  archive.is_protected = as_bool(get(task.work, "protected")).value_or(false);
  archive.archived_config = archived_config(*guest);
  world.storages.volumes[id] = std::move(archive);
  if (as_bool(get(task.work, "remove")).value_or(true)) {
    prune(world, text_or(task.work, "storage"), vmid, text_or(task.work, "rules"), task);
  }
  task.log.push_back(fmt::format("INFO: Finished Backup of VM {} (00:00:01)", vmid));
  return {};
}

std::string back_up(World& world, Task& task) {
  const std::string storage = text_or(task.work, "storage");
  std::string problem = text_or(task.work, "problem");
  unlock_after_backup(world, task);
  if (!problem.empty()) return problem;
  bool failed = false;
  const Json& locked = get(task.work, "locked");
  for (const Json& item : get(task.work, "vmids")) {
    const int vmid = vmid_of(item);
    const Guest* guest = guest_here(world, vmid);
    const bool ours = std::any_of(locked.begin(), locked.end(), [&](const Json& entry) {
      return vmid_of(get(entry, "vmid")) == vmid;
    });
    if (guest != nullptr && !ours) {
      problem = fmt::format(
          "{} is locked ({})", world.machines.contains(vmid) ? "VM" : "CT", guest->value("lock"));
    } else {
      problem = back_up_one(world, task, vmid);
    }
    if (problem.empty()) continue;
    failed = true;
    task.log.push_back(fmt::format("ERROR: Backup of VM {} failed - {}", vmid, problem));
  }
  if (failed) return std::string(k_job_errors);
  task.log.emplace_back("INFO: Backup job finished successfully");
  return std::string(k_ok);
}

}  // namespace

Json lock_for_backup(World& world, const std::vector<int>& vmids, bool with_snapshot) {
  Json locked = Json::array();
  for (const int vmid : vmids) {
    Guest* guest = guest_here(world, vmid);
    if (guest == nullptr || !guest->value("lock").empty()) continue;
    Json entry{{"vmid", vmid}};
    guest->config["lock"] = "backup";
    Container* container = world.find_container(vmid);
    if (with_snapshot && container != nullptr && can_snapshot(world, *container)) {
      entry["parent"] = container->value("parent");
      container->config["parent"] = "vzdump";
    }
    locked.push_back(std::move(entry));
  }
  return locked;
}

void unlock_after_backup(World& world, const Task& task) {
  for (const Json& entry : get(task.work, "locked")) {
    Guest* guest = guest_here(world, vmid_of(get(entry, "vmid")));
    if (guest == nullptr) continue;
    guest->config.erase("lock");
    if (!entry.contains("parent")) continue;
    guest->config["parent"] = text_or(entry, "parent");
    if (text_or(entry, "parent").empty()) guest->config.erase("parent");
  }
}

std::optional<std::string> perform_backup_work(World& world, Task& task) {
  const std::string verb = text_or(task.work, "verb");
  if (verb == "backup") return back_up(world, task);
  if (verb == "restore") return restore_container(world, task);
  if (verb != "prune") return std::nullopt;
  const int vmid = vmid_of(get(task.work, "vmid"));
  prune(world, text_or(task.work, "storage"), vmid, text_or(task.work, "rules"), task);
  return std::string(k_ok);
}

}  // namespace aegis::simulator
