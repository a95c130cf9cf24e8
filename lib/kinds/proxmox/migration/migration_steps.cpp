#include "kinds/proxmox/migration/migration_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

const Json& move_of(const Lowering& lowering) {
  return get(lowering.live.context, "move");
}

// A copy at a tenth of what a slow network gives, for a disk that is full.
std::chrono::milliseconds time_for(std::int64_t bytes) {
  constexpr std::chrono::minutes k_least{10};
  constexpr std::int64_t k_bytes_a_second = std::int64_t{10} << 20;
  return k_least + std::chrono::seconds(bytes / k_bytes_a_second);
}

bool is_device(std::string_view key) {
  return key == "rootfs" || is_indexed(key, "mp") || is_indexed(key, "dev") || is_disk_key(key) ||
         is_host_device(key) || key == "efidisk0" || key == "tpmstate0";
}

// The boot order and the protection follow the devices.
bool is_for_later(const std::string& key, const LiveView& view) {
  if (is_indexed(key, "net") || key == "boot") return true;
  return is_device(key) && !view.has(key);
}

bool is_for_later(const Step& step, const LiveView& view) {
  if (step.operation == "resize") return is_for_later(text_or(step.input, "disk"), view);
  for (const auto& [key, value] : get(step.input, "set").items()) {
    if (is_for_later(key, view) || (key == "protection" && value == "1")) return true;
  }
  const Json& removed = get(step.input, "delete");
  return std::any_of(removed.begin(), removed.end(), [&](const Json& key) {
    return is_indexed(as_text(key), "net");
  });
}

void add_migration_step(const Lowering& lowering, StepChain& chain, bool runs) {
  const Json& move = move_of(lowering);
  const std::string to = text_or(move, "to");
  Step& step =
      chain.add_guarded("migrate",
                        fmt::format("move {} {} from node {} to {}",
                                    chain.system().noun,
                                    chain.vmid(),
                                    text_or(move, "from"),
                                    to),
                        {{"from", get(move, "from")},
                         {"storages", get(move, "storages")},
                         {"runs", runs},
                         {"patience", shutdown_patience(lowering.live.attributes).count()}});
  step.timeout = time_for(as_integer(get(move, "bytes")).value_or(0));
  if (!runs || chain.system().api_type != "lxc") return;
  step.disruption = Disruption::reboot_container;
  step.group = fmt::format("move/{}", chain.vmid());
  step.undo = "start_again";
}

}  // namespace

bool is_moved(const Lowering& lowering) {
  const auto& attributes = lowering.change.attributes;
  return std::any_of(attributes.begin(), attributes.end(), [](const AttributeChange& attribute) {
    return attribute.path == "node";
  });
}

std::string node_before(const Lowering& lowering) {
  return text_or(move_of(lowering), "from");
}

void add_move(const Lowering& lowering, std::vector<Step> updates, StepChain& chain) {
  const LiveView view(lowering.live);
  const bool runs = view.is_running() && get(lowering.wanted, "state") == "started";
  const auto later = std::stable_partition(
      updates.begin(), updates.end(), [&](const Step& step) { return !is_for_later(step, view); });
  chain.on_node(node_before(lowering));
  for (auto step = updates.begin(); step != later; ++step) chain.append(std::move(*step));
  chain.on_node(text_or(move_of(lowering), "to"));
  add_migration_step(lowering, chain, runs);
  for (auto step = later; step != updates.end(); ++step) chain.append(std::move(*step));
}

}  // namespace aegis::proxmox
