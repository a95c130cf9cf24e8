#include "kinds/proxmox/live_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

// Sorted, to be searched.
constexpr std::array<std::string_view, 21> k_plain_keys{
    "cmode",        "console",  "cores",  "cpulimit",   "cpuunits", "description", "features",
    "hookscript",   "hostname", "memory", "nameserver", "onboot",   "protection",  "rootfs",
    "searchdomain", "startup",  "swap",   "tags",       "timezone", "tty",         "unprivileged"};
static_assert(std::is_sorted(k_plain_keys.begin(), k_plain_keys.end()));

const std::string* find(const ConfigMap& config, std::string_view key) {
  const auto found = config.find(key);
  return found == config.end() ? nullptr : &found->second;
}

void copy_text(const ConfigMap& config, std::string_view key, Json& spec) {
  if (const std::string* value = find(config, key)) spec[std::string(key)] = *value;
}

// Memory is told in MiB.
std::string mebibytes(const std::string& value) {
  return value + "MiB";
}

Json disk_of(const Properties& properties, bool told_by_volume) {
  Json disk = to_json(properties);
  const std::string volume = text_or(disk, "volume");
  const std::size_t colon = volume.find(':');
  if (told_by_volume || volume.starts_with('/') || colon == std::string::npos) return disk;
  disk.erase("volume");
  disk["storage"] = volume.substr(0, colon);
  return disk;
}

Json split_list(Json members, std::string_view key) {
  const std::string text = text_or(members, key);
  if (!text.empty()) members[std::string(key)] = split_any(text, ";");
  return members;
}

void add_disks(const ConfigMap& config, const Json& declared, Json& spec) {
  if (const std::string* rootfs = find(config, "rootfs")) {
    spec["rootfs"] =
        split_list(disk_of(parse_properties(*rootfs, "volume"), false), "mountoptions");
  }
  for (const auto& [key, value] : config) {
    if (!is_indexed(key, "mp")) continue;
    const bool by_volume = !get(get(get(declared, "mount_points"), key), "volume").is_null();
    spec["mount_points"][key] =
        split_list(disk_of(parse_properties(value, "volume"), by_volume), "mountoptions");
  }
}

void add_devices(const ConfigMap& config, Json& spec) {
  for (const auto& [key, value] : config) {
    if (!is_indexed(key, "dev")) continue;
    Json device = to_json(parse_properties(value, "path"));
    device["deny_write"] = get(device, "deny-write");
    spec["devices"][key] = std::move(device);
  }
}

void add_nets(const ConfigMap& config, const Json& declared, Json& spec) {
  for (const auto& [name, key] : net_keys(config)) {
    Json net = split_list(to_json(parse_properties(config.find(key)->second)), "trunks");
    const bool declares_mac = !get(get(get(declared, "network"), name), "hwaddr").is_null();
    if (!declares_mac) net.erase("hwaddr");
    spec["network"][name] = std::move(net);
  }
}

}  // namespace

LiveConfig parse_pending(const Json& data) {
  LiveConfig config;
  if (!data.is_array()) return config;
  for (const Json& entry : data) {
    const std::string key = text_or(entry, "key");
    const bool has_value = !get(entry, "value").is_null();
    const bool has_wish = !get(entry, "pending").is_null();
    const bool goes_away = as_bool(get(entry, "delete")).value_or(false) ||
                           as_integer(get(entry, "delete")).value_or(0) > 0;
    if (key == "digest") {
      config.digest = text_or(entry, "value");
      continue;
    }
    if (has_value) config.current[key] = as_text(get(entry, "value"));
    if (goes_away || has_wish) config.waiting.insert(key);
    if (goes_away) continue;
    if (has_wish || has_value) {
      config.requested[key] = as_text(get(entry, has_wish ? "pending" : "value"));
    }
  }
  return config;
}

std::map<std::string, std::string> net_keys(const ConfigMap& config) {
  std::map<std::string, std::string> keys;
  for (const auto& [key, value] : config) {
    if (!is_indexed(key, "net")) continue;
    const Properties net = parse_properties(value);
    const auto name = net.find("name");
    const std::string called = name == net.end() ? key : name->second;
    if (!keys.emplace(called, key).second) keys.emplace(fmt::format("{}@{}", called, key), key);
  }
  return keys;
}

Json spec_of(const ConfigMap& config, const Json& declared) {
  Json spec = Json::object();
  for (const std::string_view key : {"hostname",
                                     "cores",
                                     "cpulimit",
                                     "cpuunits",
                                     "nameserver",
                                     "searchdomain",
                                     "timezone",
                                     "hookscript",
                                     "console",
                                     "cmode",
                                     "tty",
                                     "onboot",
                                     "protection",
                                     "tags",
                                     "description"}) {
    copy_text(config, key, spec);
  }
  const std::string* memory = find(config, "memory");
  if (memory != nullptr) spec["memory"] = mebibytes(*memory);
  // Without the key Proxmox starts the container with no swap at all.
  const std::string* swap = find(config, "swap");
  spec["swap"] = mebibytes(swap == nullptr ? "0" : *swap);
  const std::string* unprivileged = find(config, "unprivileged");
  spec["unprivileged"] = unprivileged != nullptr && as_bool(*unprivileged).value_or(false);
  if (const std::string* features = find(config, "features")) {
    spec["features"] = split_list(to_json(parse_properties(*features)), "mount");
  }
  if (const std::string* startup = find(config, "startup")) {
    spec["startup"] = to_json(parse_properties(*startup, "order"));
  }
  add_disks(config, declared, spec);
  add_devices(config, spec);
  add_nets(config, declared, spec);
  return spec;
}

Json part_of_container(const Json& attributes, std::string_view key, const Json& nets) {
  if (is_indexed(key, "net")) {
    std::string interface;
    for (const auto& [name, net] : nets.items()) {
      if (net == key) interface = name;
    }
    return get(get(attributes, "network"), interface);
  }
  if (is_indexed(key, "dev")) return get(get(attributes, "devices"), key);
  const bool mount_point = is_indexed(key, "mp");
  if (!mount_point && key != "rootfs") return get(attributes, key);
  Json disk = mount_point ? get(get(attributes, "mount_points"), key) : get(attributes, key);
  if (disk.is_object()) disk.erase("size");
  return disk;
}

bool is_managed_key(std::string_view key) {
  return std::binary_search(k_plain_keys.begin(), k_plain_keys.end(), key) ||
         is_indexed(key, "net") || is_indexed(key, "mp") || is_indexed(key, "dev");
}

}  // namespace aegis::proxmox
