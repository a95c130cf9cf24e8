#include "kinds/proxmox/guest_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/migration/migration_steps.h"

namespace aegis::proxmox {
namespace {

constexpr std::chrono::seconds k_default_shutdown{60};
// Start, stop and the API's own waiting, beside what a shutdown may take.
constexpr std::chrono::seconds k_margin{60};
constexpr std::chrono::minutes k_start_timeout{5};
constexpr std::chrono::minutes k_destroy_timeout{15};

std::int64_t vmid_of(const Lowering& lowering) {
  const auto wanted = as_integer(get(lowering.wanted, "vmid"));
  return wanted ? *wanted : LiveView(lowering.live).vmid();
}

std::vector<std::string> keys_of(const ConfigCall& call) {
  std::vector<std::string> names(call.remove.begin(), call.remove.end());
  names.insert(names.end(), call.revert.begin(), call.revert.end());
  for (const auto& [key, value] : call.set.items()) names.push_back(key);
  std::sort(names.begin(), names.end());
  return names;
}

void add_shutdown(const Lowering& lowering, StepChain& chain, bool for_removal) {
  const auto patience = shutdown_patience(lowering.live.attributes);
  Step& step = chain.add("shutdown",
                         fmt::format("shut down {} {}", chain.system().noun, chain.vmid()),
                         {{"patience", patience.count()}, {"for_removal", for_removal}});
  step.timeout = patience + k_margin;
  step.disruption = Disruption::reboot_container;
}

void add_start(StepChain& chain) {
  chain.add("start", fmt::format("start {} {}", chain.system().noun, chain.vmid())).timeout =
      k_start_timeout;
}

void add_reboot(const Lowering& lowering, StepChain& chain) {
  const auto patience = shutdown_patience(lowering.live.attributes);
  Step& step = chain.add(
      "reboot",
      fmt::format("reboot {} {}, for what waits for it", chain.system().noun, chain.vmid()),
      {{"patience", patience.count()}});
  step.timeout = patience + k_margin + k_start_timeout;
  step.disruption = Disruption::reboot_container;
}

void add_removal(const Lowering& lowering, StepChain& chain) {
  if (LiveView(lowering.live).is_running()) add_shutdown(lowering, chain, true);
  Step& step = chain.add(
      "destroy", fmt::format("destroy {} {} and its disks", chain.system().noun, chain.vmid()));
  step.timeout = k_destroy_timeout;
  step.disruption = Disruption::data_loss;
  step.destroys_data = true;
}

bool goes_by_shell(const Lowering& lowering, const GuestLowering& parts) {
  const auto& attributes = lowering.change.attributes;
  return parts.by_shell != nullptr &&
         std::any_of(attributes.begin(), attributes.end(), [&](const AttributeChange& attribute) {
           return attribute.path == parts.shell_attribute;
         });
}

// Nobody but the guest's start tells whether what is written is good. So it is written while the
// guest is down, and when it does not come up everything is put back. A run that is cut off before
// the start leaves a guest that is not started: the next one sees that.
void add_restart_by_shell(const Lowering& lowering, StepChain& chain, const GuestLowering& parts) {
  StepChain steps(lowering, chain.system());
  add_shutdown(lowering, steps, false);
  parts.by_shell(lowering, steps);
  add_start(steps);
  std::vector<Step> group = steps.take();
  for (Step& step : group) {
    step.group = fmt::format("by-shell/{}", chain.vmid());
    if (step.operation == "shutdown") step.undo = "start";
    if (step.operation == "start") {
      step.undo = "shutdown";
      step.input["patience"] = shutdown_patience(lowering.live.attributes).count();
    }
    chain.append(std::move(step));
  }
}

void add_update(const Lowering& lowering, StepChain& chain, const GuestLowering& parts) {
  const bool runs = LiveView(lowering.live).is_running();
  const bool wants_running = get(lowering.wanted, "state") == "started";
  const bool moves = is_moved(lowering);
  if (moves) chain.on_node(node_before(lowering));
  if (runs && !wants_running) add_shutdown(lowering, chain, false);
  if (moves) {
    StepChain updates(lowering, chain.system());
    parts.update(lowering, updates);
    add_move(lowering, updates.take(), chain);
  } else {
    parts.update(lowering, chain);
  }
  const bool by_shell = goes_by_shell(lowering, parts);
  if (by_shell && runs && wants_running) return add_restart_by_shell(lowering, chain, parts);
  if (by_shell) parts.by_shell(lowering, chain);
  if (!wants_running) return;
  if (!runs) return add_start(chain);
  // A container is restarted by its move; one whose restart failed there is started when the rest
  // is as wanted.
  if (moves && chain.system().api_type == "lxc") return add_start(chain);
  const auto& attributes = lowering.change.attributes;
  const bool reboots =
      std::any_of(attributes.begin(), attributes.end(), [](const AttributeChange& attribute) {
        return attribute.disruption >= Disruption::reboot_container;
      });
  if (reboots) add_reboot(lowering, chain);
  if (parts.finish != nullptr) parts.finish(lowering, chain, reboots);
}

}  // namespace

StepChain::StepChain(const Lowering& lowering, const GuestSystem& system)
    : system_(system),
      address_(lowering.change.address),
      endpoint_(text_or(lowering.scope.settings, "endpoint")),
      node_(text_or(lowering.scope.settings, "node")),
      digest_(LiveView(lowering.live).digest()),
      vmid_(vmid_of(lowering)) {}

Step& StepChain::add(std::string_view operation, std::string title, Json input) {
  Step step;
  step.id = static_cast<StepId>(steps_.size()) + 1;
  if (!steps_.empty()) step.after = {step.id - 1};
  step.address = address_;
  step.operation = operation;
  step.title = std::move(title);
  step.lane = fmt::format("{}/{}", endpoint_, vmid_);
  input["endpoint"] = endpoint_;
  input["node"] = node_;
  input["vmid"] = vmid_;
  step.input = std::move(input);
  steps_.push_back(std::move(step));
  return steps_.back();
}

Step& StepChain::add_guarded(std::string_view operation, std::string title, Json input) {
  if (steps_.empty()) input["digest"] = digest_;
  return add(operation, std::move(title), std::move(input));
}

Step& StepChain::append(Step step) {
  step.input.erase("digest");
  Step& added = add_guarded(step.operation, step.title, step.input);
  added.timeout = step.timeout;
  added.disruption = step.disruption;
  added.group = std::move(step.group);
  added.undo = std::move(step.undo);
  return added;
}

Step* StepChain::add_config(const ConfigCall& call, std::chrono::milliseconds timeout) {
  if (call.empty()) return nullptr;
  Step& step =
      add_guarded("configure",
                  fmt::format("set {} of {} {}", list_words(keys_of(call)), system_.noun, vmid_),
                  {{"set", call.set},
                   {"delete", call.remove},
                   {"revert", call.revert},
                   {"as_root", call.as_root}});
  step.timeout = timeout;
  return &step;
}

std::vector<Step> lower_guest(const Lowering& lowering,
                              const GuestSystem& system,
                              const GuestLowering& parts) {
  StepChain chain(lowering, system);
  switch (lowering.change.action) {
    case Action::create:
      parts.create(lowering, chain);
      break;
    case Action::update:
    case Action::adopt:
      add_update(lowering, chain, parts);
      return chain.take();
    case Action::replace:
      parts.check_source(lowering, chain);
      add_removal(lowering, chain);
      parts.create(lowering, chain);
      break;
    case Action::remove:
      add_removal(lowering, chain);
      return chain.take();
  }
  if (parts.by_shell != nullptr) parts.by_shell(lowering, chain);
  if (get(lowering.wanted, "state") == "started") add_start(chain);
  return chain.take();
}

std::chrono::seconds shutdown_patience(const Json& attributes) {
  const auto down = as_integer(get(get(attributes, "startup"), "down"));
  return down && *down > 0 ? std::chrono::seconds(*down) : k_default_shutdown;
}

bool sets_as_root(const Change& change) {
  return std::any_of(
      change.attributes.begin(), change.attributes.end(), [](const AttributeChange& attribute) {
        return attribute.door == Door::root && !attribute.after.is_null();
      });
}

}  // namespace aegis::proxmox
