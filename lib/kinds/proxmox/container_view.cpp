#include "kinds/proxmox/container_view.h"

#include <algorithm>
#include <charconv>

#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

// The part of the attributes that Proxmox keeps under one key. Sizes are left out: a disk is
// resized by a call of its own, whatever waits.
Json part_of(const Json& attributes, std::string_view key, const std::string& interface) {
  if (is_indexed(key, "net")) return get(get(attributes, "network"), interface);
  const bool mount_point = is_indexed(key, "mp");
  if (!mount_point && key != "rootfs") return get(attributes, key);
  Json disk = mount_point ? get(get(attributes, "mount_points"), key) : get(attributes, key);
  if (disk.is_object()) disk.erase("size");
  return disk;
}

}  // namespace

std::int64_t LiveView::vmid() const {
  return as_integer(get(observation_.context, "vmid")).value_or(0);
}

bool LiveView::is_running() const {
  return get(observation_.context, "running") == true;
}

bool LiveView::is_protected() const {
  return as_bool(value("protection")).value_or(false);
}

std::string LiveView::digest() const {
  return text_or(observation_.context, "digest");
}

std::string LiveView::value(std::string_view key) const {
  return text_or(get(observation_.context, "config"), key);
}

bool LiveView::has(std::string_view key) const {
  return !get(get(observation_.context, "config"), key).is_null();
}

const Json& LiveView::nets() const {
  return get(observation_.context, "nets");
}

std::vector<std::string> LiveView::waiting() const {
  const Json& waiting = get(observation_.context, "waiting");
  return waiting.is_array() ? waiting.get<std::vector<std::string>>() : std::vector<std::string>();
}

std::string LiveView::net_key(std::string_view name) const {
  return text_or(nets(), name);
}

std::optional<int> LiveView::net_number(std::string_view name) const {
  const std::string key = net_key(name);
  int number = 0;
  if (!is_indexed(key, "net")) return std::nullopt;
  std::from_chars(key.data() + 3, key.data() + key.size(), number);
  return number;
}

bool LiveView::waits(std::string_view key) const {
  const Json& waiting = get(observation_.context, "waiting");
  return waiting.is_array() && std::find(waiting.begin(), waiting.end(), key) != waiting.end();
}

const Json& LiveView::current() const {
  return get(observation_.context, "current");
}

bool LiveView::is_withdrawn(std::string_view key, const Json& wanted) const {
  if (!waits(key) || current().is_null()) return false;
  std::string interface;
  for (const auto& [name, net] : nets().items()) {
    if (net == key) interface = name;
  }
  return part_of(wanted, key, interface) == part_of(current(), key, interface);
}

bool LiveView::waits_only_for_withdrawn(const Json& wanted) const {
  const std::vector<std::string> keys = waiting();
  return std::all_of(
      keys.begin(), keys.end(), [&](const std::string& key) { return is_withdrawn(key, wanted); });
}

namespace {

bool is_device(std::string_view key) {
  return is_indexed(key, "net") || is_indexed(key, "mp") || is_disk_key(key);
}

// Devices that are to go away at the next restart still have their key and their string: whoever
// wants them again finds them there.
ConfigMap with_leaving_devices(const LiveConfig& config) {
  ConfigMap values = config.requested;
  for (const std::string& key : config.waiting) {
    const auto current = config.current.find(key);
    if (is_device(key) && current != config.current.end()) values.insert(*current);
  }
  return values;
}

}  // namespace

Json make_context(std::int64_t vmid,
                  bool running,
                  const LiveConfig& config,
                  Json current,
                  const GuestSystem& system) {
  Json context{{"vmid", vmid}, {"running", running}, {"digest", config.digest}};
  const ConfigMap extended = config.waiting.empty() ? ConfigMap() : with_leaving_devices(config);
  const ConfigMap& all = config.waiting.empty() ? config.requested : extended;
  Json values = Json::object();
  for (const auto& [key, value] : all) {
    if (system.is_managed_key(key)) values[key] = value;
  }
  context["config"] = std::move(values);
  Json waiting = Json::array();
  for (const std::string& key : config.waiting) {
    if (system.is_managed_key(key)) waiting.push_back(key);
  }
  if (!waiting.empty()) {
    context["waiting"] = std::move(waiting);
    context["current"] = std::move(current);
  }
  context["nets"] = net_keys(all);
  return context;
}

}  // namespace aegis::proxmox
