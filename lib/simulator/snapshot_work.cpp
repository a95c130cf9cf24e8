#include "simulator/snapshot_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "simulator/container_update.h"
#include "simulator/mount_point.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_ok = "OK";

std::string missing(const std::string& name) {
  return fmt::format("snapshot '{}' does not exist", name);
}

std::set<std::string> volumes_of(const ConfigMap& config) {
  std::set<std::string> volumes;
  for (const auto& [key, value] : config) {
    if (!is_mount_key(key)) continue;
    const MountPoint mount = parse_mount_point(key, value);
    if (mount.type() == "volume") volumes.insert(mount.volume());
  }
  return volumes;
}

// What a snapshot does not remember, and what a rollback leaves as it is.
bool is_kept_apart(const std::string& key) {
  return key == "lock" || key == "description" || is_indexed(key, "unused");
}

std::string take(World& world, Container& container, const Task& task) {
  const std::string name = text_or(task.work, "snapshot");
  if (const Refusal locked = check_lock(container)) return locked->message;
  if (container.snapshots.contains(name)) {
    return fmt::format("snapshot name '{}' already used", name);
  }
  if (!can_snapshot(world, container)) return "snapshot feature is not available";
  ConfigMap values = container.config;
  std::erase_if(values, [](const auto& entry) { return is_kept_apart(entry.first); });
  values["snaptime"] = fmt::format("{}", world.now_seconds());
  const std::string description = text_or(task.work, "description");
  if (!description.empty()) values["description"] = description;
  container.snapshots[name] = std::move(values);
  container.config["parent"] = name;
  return std::string(k_ok);
}

// Whoever came after the snapshot now comes after what was before it.
void close_gap(ConfigMap& values, const std::string& name, const std::string& before) {
  const auto parent = values.find("parent");
  if (parent == values.end() || parent->second != name) return;
  if (before.empty()) {
    values.erase(parent);
  } else {
    parent->second = before;
  }
}

std::string remove(Container& container, const Task& task) {
  const std::string name = text_or(task.work, "snapshot");
  if (const Refusal locked = check_lock(container)) return locked->message;
  const auto found = container.snapshots.find(name);
  if (found == container.snapshots.end()) return missing(name);
  const auto parent = found->second.find("parent");
  const std::string before = parent == found->second.end() ? "" : parent->second;
  container.snapshots.erase(found);
  close_gap(container.config, name, before);
  for (auto& [other, values] : container.snapshots) close_gap(values, name, before);
  return std::string(k_ok);
}

// ZFS goes back to the newest snapshot alone.
std::string order_problem(const World& world, const Container& container, const std::string& name) {
  const auto parent = container.config.find("parent");
  if (parent != container.config.end() && parent->second == name) return {};
  for (const std::string& volume : volumes_of(container.snapshots.at(name))) {
    const Storage* storage = world.storages.find(storage_of(volume));
    if (storage == nullptr || storage->type != "zfspool") continue;
    return fmt::format("can't rollback, '{}' is not most recent snapshot on '{}'", name, volume);
  }
  return {};
}

void restore_sizes(World& world, const ConfigMap& config) {
  for (const auto& [key, value] : config) {
    if (!is_mount_key(key)) continue;
    const MountPoint mount = parse_mount_point(key, value);
    const auto size = mount.values.find("size");
    const auto volume = world.storages.volumes.find(mount.volume());
    if (size == mount.values.end() || volume == world.storages.volumes.end()) continue;
    volume->second.size = parse_disk_size(size->second).value_or(volume->second.size);
  }
}

void keep_newer_volumes(const std::set<std::string>& before, ConfigMap& config) {
  const std::set<std::string> after = volumes_of(config);
  for (const std::string& volume : before) {
    if (after.contains(volume)) continue;
    int number = 0;
    while (config.contains(fmt::format("unused{}", number))) ++number;
    config[fmt::format("unused{}", number)] = volume;
  }
}

std::string roll_back(World& world, Container& container, const Task& task) {
  const std::string name = text_or(task.work, "snapshot");
  const auto found = container.snapshots.find(name);
  if (found == container.snapshots.end()) return missing(name);
  if (const Refusal locked = check_lock(container)) return locked->message;
  std::string problem = order_problem(world, container, name);
  if (!problem.empty()) return problem;
  container.running = false;
  ConfigMap config = found->second;
  config.erase("snaptime");
  config.erase("description");
  config["parent"] = name;
  for (const auto& [key, value] : container.config) {
    if (is_kept_apart(key)) config[key] = value;
  }
  keep_newer_volumes(volumes_of(container.config), config);
  container.config = std::move(config);
  container.pending.clear();
  container.pending_delete.clear();
  restore_sizes(world, container.config);
  if (!as_bool(get(task.work, "start")).value_or(false)) return std::string(k_ok);
  start_task(world,
             Caller{task.user},
             "vzstart",
             fmt::format("{}", container.vmid),
             {{"verb", "start"}, {"vmid", container.vmid}});
  return std::string(k_ok);
}

}  // namespace

bool can_snapshot(const World& world, const Container& container) {
  if (container.is_set("template")) return false;
  return std::all_of(container.config.begin(), container.config.end(), [&](const auto& entry) {
    if (!is_mount_key(entry.first)) return true;
    const MountPoint mount = parse_mount_point(entry.first, entry.second);
    if (mount.type() != "volume") return false;
    const Storage* storage = world.storages.find(storage_of(mount.volume()));
    return storage != nullptr && Storages::can_snapshot(*storage);
  });
}

std::optional<std::string> perform_snapshot_work(World& world, Container& container, Task& task) {
  const std::string verb = text_or(task.work, "verb");
  if (verb == "snapshot") return take(world, container, task);
  if (verb == "delete_snapshot") return remove(container, task);
  if (verb == "rollback") return roll_back(world, container, task);
  return std::nullopt;
}

}  // namespace aegis::simulator
