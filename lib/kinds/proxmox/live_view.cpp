#include "kinds/proxmox/live_view.h"

#include <algorithm>
#include <charconv>

#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
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

bool LiveView::is_withdrawn(std::string_view key,
                            const Json& wanted,
                            const GuestSystem& system) const {
  return waits(key) && !current().is_null() &&
         system.part_of(wanted, key, nets()) == system.part_of(current(), key, nets());
}

bool LiveView::waits_only_for_withdrawn(const Json& wanted, const GuestSystem& system) const {
  const std::vector<std::string> keys = waiting();
  return std::all_of(keys.begin(), keys.end(), [&](const std::string& key) {
    return is_withdrawn(key, wanted, system);
  });
}

namespace {

bool is_device(std::string_view key) {
  return is_indexed(key, "net") || is_indexed(key, "mp") || is_indexed(key, "dev") ||
         is_disk_key(key) || is_host_device(key);
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
