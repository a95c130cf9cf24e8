#include "kinds/proxmox/container_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "kinds/proxmox/container_view.h"

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

void add_shutdown(const Lowering& lowering, StepChain& chain, std::int64_t vmid, bool for_removal) {
  const auto patience = shutdown_patience(lowering.live.attributes);
  Step& step = chain.add("shutdown",
                         fmt::format("shut down container {}", vmid),
                         {{"patience", patience.count()}, {"for_removal", for_removal}});
  step.timeout = patience + k_margin;
  step.disruption = Disruption::reboot_container;
}

void add_start(StepChain& chain, std::int64_t vmid) {
  chain.add("start", fmt::format("start container {}", vmid)).timeout = k_start_timeout;
}

void add_reboot(const Lowering& lowering, StepChain& chain, std::int64_t vmid) {
  const auto patience = shutdown_patience(lowering.live.attributes);
  Step& step = chain.add("reboot",
                         fmt::format("reboot container {}, for what waits for it", vmid),
                         {{"patience", patience.count()}});
  step.timeout = patience + k_margin + k_start_timeout;
  step.disruption = Disruption::reboot_container;
}

void add_removal(const Lowering& lowering, StepChain& chain, std::int64_t vmid) {
  if (LiveView(lowering.live).is_running()) add_shutdown(lowering, chain, vmid, true);
  Step& step = chain.add("destroy", fmt::format("destroy container {} and its disks", vmid));
  step.timeout = k_destroy_timeout;
  step.disruption = Disruption::data_loss;
  step.destroys_data = true;
}

void add_update(const Lowering& lowering, StepChain& chain, std::int64_t vmid) {
  const bool runs = LiveView(lowering.live).is_running();
  const bool wants_running = get(lowering.wanted, "state") == "started";
  if (runs && !wants_running) add_shutdown(lowering, chain, vmid, false);
  add_update_steps(lowering, chain);
  const auto& attributes = lowering.change.attributes;
  const bool needs_reboot =
      std::any_of(attributes.begin(), attributes.end(), [](const AttributeChange& attribute) {
        return attribute.disruption >= Disruption::reboot_container;
      });
  if (!wants_running) return;
  if (!runs) {
    add_start(chain, vmid);
  } else if (needs_reboot) {
    add_reboot(lowering, chain, vmid);
  }
}

void add_template_check(const Lowering& lowering, StepChain& chain) {
  const std::string image = text_or(lowering.wanted, "template");
  chain.add("check_template", "check that " + image + " is there", {{"template", image}}).prepares =
      true;
}

}  // namespace

StepChain::StepChain(const Lowering& lowering, std::int64_t vmid)
    : address_(lowering.change.address),
      endpoint_(text_or(lowering.scope.settings, "endpoint")),
      node_(text_or(lowering.scope.settings, "node")),
      vmid_(vmid) {}

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

std::chrono::seconds shutdown_patience(const Json& attributes) {
  const auto down = as_integer(get(get(attributes, "startup"), "down"));
  return down && *down > 0 ? std::chrono::seconds(*down) : k_default_shutdown;
}

std::vector<Step> lower_container(const Lowering& lowering) {
  const std::int64_t vmid = vmid_of(lowering);
  StepChain chain(lowering, vmid);
  switch (lowering.change.action) {
    case Action::create:
      add_create_step(lowering, chain);
      break;
    case Action::update:
    case Action::adopt:
      add_update(lowering, chain, vmid);
      return chain.take();
    case Action::replace:
      add_template_check(lowering, chain);
      add_removal(lowering, chain, vmid);
      add_create_step(lowering, chain);
      break;
    case Action::remove:
      add_removal(lowering, chain, vmid);
      return chain.take();
  }
  if (get(lowering.wanted, "state") == "started") add_start(chain, vmid);
  return chain.take();
}

}  // namespace aegis::proxmox
