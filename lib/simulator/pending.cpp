#include "simulator/pending.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/container_update.h"
#include "simulator/container_values.h"
#include "simulator/mount_point.h"

namespace aegis::simulator {
namespace {

bool is_mounted(const Container& container, const std::string& volume) {
  return std::any_of(container.config.begin(), container.config.end(), [&](const auto& entry) {
    return is_mount_key(entry.first) &&
           parse_mount_point(entry.first, entry.second).volume() == volume;
  });
}

void keep_as_unused(Container& container, const std::string& value) {
  const MountPoint mount = parse_mount_point("mp0", value);
  if (mount.type() != "volume" || is_mounted(container, mount.volume())) return;
  for (int number = 0;; ++number) {
    const std::string key = fmt::format("unused{}", number);
    if (container.config.emplace(key, mount.volume()).second) return;
  }
}

void forget_unused(Container& container, const std::string& volume) {
  std::erase_if(container.config, [&](const auto& entry) {
    return is_indexed(entry.first, "unused") && entry.second == volume;
  });
}

}  // namespace

void take_value(World& world, Container& container, const std::string& key) {
  const std::string wanted = container.pending.at(key);
  container.pending.erase(key);
  // The root disk's string is stored as it was sent; only mount points are made and re-printed.
  if (!is_indexed(key, "mp")) {
    container.config[key] = wanted;
    return;
  }
  const std::string before = container.value(key);
  const std::string after = realise_mount(world, container.vmid, key, wanted, "");
  container.config[key] = after;
  forget_unused(container, parse_mount_point(key, after).volume());
  if (!before.empty()) keep_as_unused(container, before);
}

void take_deletion(World& world, Container& container, const std::string& key) {
  container.pending_delete.erase(key);
  container.pending.erase(key);
  const std::string value = container.value(key);
  container.config.erase(key);
  if (is_indexed(key, "mp")) keep_as_unused(container, value);
  if (is_indexed(key, "unused")) world.storages.volumes.erase(value);
}

void apply_pending(World& world, Container& container) {
  const auto deletions = container.pending_delete;
  for (const std::string& key : deletions) take_deletion(world, container, key);
  const ConfigMap values = container.pending;
  for (const auto& [key, value] : values) take_value(world, container, key);
}

std::string mount_problem(const World& world, std::string_view key, std::string_view value) {
  const MountPoint mount = parse_mount_point(key, value);
  const std::string source = mount.volume();
  if (mount.type() != "volume") {
    if (world.path_exists(source)) return {};
    return fmt::format("directory '{}' does not exist", source);
  }
  if (mount.allocation()) return {};
  if (const Refusal refusal = check_available(world, storage_of(source))) return refusal->message;
  if (world.storages.volumes.contains(source)) return {};
  return fmt::format("volume '{}' does not exist", source);
}

}  // namespace aegis::simulator
