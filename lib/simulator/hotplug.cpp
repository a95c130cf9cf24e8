#include "simulator/hotplug.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "simulator/container_update.h"
#include "simulator/container_values.h"
#include "simulator/mount_point.h"
#include "simulator/pending.h"

namespace aegis::simulator {
namespace {

constexpr int k_hot_unplug_nets = 10;

bool is_hot_key(std::string_view key) {
  constexpr std::array<std::string_view, 13> k_hot{"cores",
                                                   "cpulimit",
                                                   "cpuunits",
                                                   "description",
                                                   "hookscript",
                                                   "hostname",
                                                   "lock",
                                                   "memory",
                                                   "onboot",
                                                   "protection",
                                                   "startup",
                                                   "swap",
                                                   "tags"};
  return std::find(k_hot.begin(), k_hot.end(), key) != k_hot.end();
}

bool can_delete_now(std::string_view key) {
  if (is_hot_key(key) || is_indexed(key, "unused")) return true;
  return is_indexed(key, "net") &&
         std::atoi(std::string(key.substr(3)).c_str()) < k_hot_unplug_nets;
}

bool can_set_now(const Container& container, std::string_view key) {
  if (is_hot_key(key) || is_indexed(key, "net")) return true;
  return is_indexed(key, "mp") && !container.config.contains(key);
}

// What the kernel would say; empty when the key can be plugged in.
std::string plug_problem(const World& world,
                         const Container& container,
                         const std::string& key,
                         const std::string& value) {
  if (is_indexed(key, "net")) {
    const Parameters net = parse_net(value);
    const auto bridge = net.find("bridge");
    if (bridge == net.end() || world.has_bridge(bridge->second)) return {};
    return container.config.contains(key)
               ? fmt::format("interface {} does not exist", bridge->second)
               : fmt::format("bridge '{}' does not exist", bridge->second);
  }
  if (!is_indexed(key, "mp")) return {};
  return mount_problem(world, key, value);
}

}  // namespace

Answer missing_container(const World& world, int vmid) {
  return refuse(
      fmt::format("Configuration file 'nodes/{}/lxc/{}.conf' does not exist", world.node, vmid));
}

Refusal hotplug(World& world, Container& container) {
  FieldErrors errors;
  for (const auto& [key, value] : container.pending) {
    if (!can_set_now(container, key)) continue;
    const std::string problem = plug_problem(world, container, key, value);
    if (!problem.empty()) errors[key] = fmt::format("unable to hotplug {}: {}", key, problem);
  }
  if (!errors.empty()) return invalid(std::move(errors));
  const auto deletions = container.pending_delete;
  for (const std::string& key : deletions) {
    if (can_delete_now(key)) take_deletion(world, container, key);
  }
  const ConfigMap values = container.pending;
  for (const auto& [key, value] : values) {
    if (can_set_now(container, key)) take_value(world, container, key);
  }
  return {};
}

}  // namespace aegis::simulator
