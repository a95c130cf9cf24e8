#include <fmt/format.h>

#include <vector>

#include "simulator/backup_work.h"
#include "simulator/container_values.h"
#include "simulator/mount_point.h"
#include "simulator/work.h"

namespace aegis::simulator {
namespace {

constexpr double k_gibibyte = 1 << 30;

// An archived disk as a wish for a new one of the same size.
std::string as_new_disk(const std::string& key,
                        const std::string& value,
                        const std::string& storage) {
  MountPoint mount = parse_mount_point(key, value);
  if (mount.type() != "volume") return value;
  const auto size = mount.values.find("size");
  const std::int64_t bytes =
      size == mount.values.end() ? 0 : parse_disk_size(size->second).value_or(0);
  mount.values["volume"] = fmt::format("{}:{}", storage, static_cast<double>(bytes) / k_gibibyte);
  mount.values.erase("size");
  return mount.print();
}

std::string with_new_mac(World& world, const std::string& value) {
  std::string net;
  for (const auto& [name, text] : parse_net(value)) {
    if (name != "hwaddr") net += fmt::format("{}{}={}", net.empty() ? "" : ",", name, text);
  }
  return stored_value(world, "net0", net);
}

// What the call names wins over the archive, key by key; disks come all from one of the two.
ConfigMap merged_config(World& world, const Task& task, const ConfigMap& archived) {
  ConfigMap config;
  const Json& wanted = get(task.work, "config");
  const bool has_disks = wanted.contains("rootfs");
  const std::string storage = text_or(task.work, "storage");
  const bool is_unique = as_bool(get(task.work, "unique")).value_or(false);
  for (const auto& [key, value] : archived) {
    if (is_indexed(key, "unused") || key == "template") continue;
    // Only root brings raw lines back; for others they are skipped with a warning.
    if (key == "lxc" && task.user != "root@pam") continue;
    if (is_mount_key(key)) {
      if (!has_disks) config[key] = as_new_disk(key, value, storage);
    } else {
      config[key] = is_unique && is_indexed(key, "net") ? with_new_mac(world, value) : value;
    }
  }
  for (const auto& [key, value] : wanted.items()) {
    config[key] = is_mount_key(key) ? as_text(value) : stored_value(world, key, as_text(value));
  }
  if (text_or(wanted, "unprivileged") == "0") config.erase("unprivileged");
  return config;
}

// Before anything was touched, a container that was to be overwritten stays as it was.
void leave_target(World& world, const Task& task, int vmid) {
  Container* container = world.find_container(vmid);
  if (container == nullptr) return;
  if (as_bool(get(task.work, "overwrite")).value_or(false)) {
    container->config.erase("lock");
  } else {
    world.containers.erase(vmid);
  }
}

std::vector<std::string> disks_of(const World& world, int vmid) {
  std::vector<std::string> disks;
  for (const auto& [id, volume] : world.storages.volumes) {
    if (volume.vmid == vmid && volume.content != "backup") disks.push_back(id);
  }
  return disks;
}

}  // namespace

std::string restore_container(World& world, Task& task) {
  const int vmid = static_cast<int>(as_integer(get(task.work, "vmid")).value_or(0));
  const std::string archive = text_or(task.work, "ostemplate");
  const auto found = world.storages.volumes.find(archive);
  if (found == world.storages.volumes.end() || found->second.content != "backup") {
    leave_target(world, task, vmid);
    return fmt::format("unable to restore CT {} - volume '{}' does not exist", vmid, archive);
  }
  task.log.emplace_back("merging backed-up and given configuration..");
  // The new disks are made before the old ones go, so that they get numbers of their own.
  const std::vector<std::string> before = disks_of(world, vmid);
  const ConfigMap archived = found->second.archived_config;
  Container container;
  container.vmid = vmid;
  for (const auto& [key, value] : merged_config(world, task, archived)) {
    container.config[key] =
        is_mount_key(key) ? realise_mount(world, vmid, key, value, text_or(task.work, "storage"))
                          : value;
  }
  for (const std::string& disk : before) world.storages.volumes.erase(disk);
  world.containers[vmid] = std::move(container);
  finish_making(world, task, vmid);
  return "OK";
}

}  // namespace aegis::simulator
