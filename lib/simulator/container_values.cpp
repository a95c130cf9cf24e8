#include "simulator/container_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "simulator/container_fields.h"
#include "simulator/mount_point.h"
#include "simulator/property_string.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_separators{", ;\t\n\r\0", 7};
constexpr std::int64_t k_least_cpu_units = 2;

std::string stored_tags(std::string_view value) {
  std::set<std::string> tags;
  for (const std::string& tag : split_any(value, k_separators)) tags.insert(to_lower(tag));
  return fmt::format("{}", fmt::join(tags, ";"));
}

std::string stored_net(World& world, std::string_view value) {
  Parameters net = parse_net(value);
  net.emplace("hwaddr", world.random.mac_address());
  net["type"] = "veth";
  return print_property_string(net, "", "name");
}

std::string stored_description(std::string_view value) {
  const std::size_t end = value.find_last_not_of('\n');
  return std::string(value.substr(0, end + 1));
}

}  // namespace

std::string stored_value(World& world, std::string_view key, std::string_view value) {
  if (key == "description") return stored_description(value);
  if (value.empty()) return " ";
  if (key == "tags") return stored_tags(value);
  if (key == "nameserver" || key == "searchdomain") {
    return join(split_any(value, k_separators), " ");
  }
  if (key == "cpuunits") {
    const std::int64_t units = std::strtoll(std::string(value).c_str(), nullptr, 10);
    return fmt::format("{}", std::max(units, k_least_cpu_units));
  }
  if (is_indexed(key, "net")) return stored_net(world, value);
  return std::string(value);
}

Parameters parse_net(std::string_view value) {
  return parse_property_string(net_field(), value).values;
}

Refusal check_volume(const World& world, std::string_view key, std::string_view value) {
  const MountPoint mount = parse_mount_point(key, value);
  if (mount.type() != "volume") return {};
  if (const auto complaint = formats::volume_id(mount.volume())) return refuse(*complaint);
  const std::string name(storage_of(mount.volume()));
  const StorageOptions* storage = world.storages.find(name);
  if (Refusal refusal = check_available(world, name)) return refusal;
  if (mount.allocation() && !Storages::holds(*storage, "rootdir")) {
    return refuse(fmt::format("storage '{}' does not support container directories", name));
  }
  return {};
}

std::string realise_mount(World& world,
                          int vmid,
                          std::string_view key,
                          std::string_view value,
                          std::string_view default_storage) {
  MountPoint mount = parse_mount_point(key, value);
  if (mount.type() != "volume") return mount.print();
  if (const auto wanted = mount.allocation()) {
    const std::string name =
        wanted->storage.empty() ? std::string(default_storage) : wanted->storage;
    const StorageOptions* storage = world.storages.find(name);
    if (storage == nullptr) return std::string(value);
    mount.values["volume"] =
        world.storages.allocate(*storage, vmid, wanted->size, world.now_seconds());
  }
  const auto volume = world.storages.volumes.find(mount.volume());
  if (volume != world.storages.volumes.end()) {
    mount.values["size"] = format_disk_size(volume->second.size);
  }
  return mount.print();
}

}  // namespace aegis::simulator
