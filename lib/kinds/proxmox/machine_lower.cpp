#include <fmt/format.h>

#include <algorithm>

#include "kinds/proxmox/machine_steps.h"

namespace aegis::proxmox {
namespace {

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
                         fmt::format("shut down virtual machine {}", vmid),
                         {{"patience", patience.count()}, {"for_removal", for_removal}});
  step.timeout = patience + k_margin;
  step.disruption = Disruption::reboot_container;
}

void add_start(StepChain& chain, std::int64_t vmid) {
  chain.add("start", fmt::format("start virtual machine {}", vmid)).timeout = k_start_timeout;
}

void add_reboot(const Lowering& lowering, StepChain& chain, std::int64_t vmid) {
  const auto patience = shutdown_patience(lowering.live.attributes);
  Step& step = chain.add("reboot",
                         fmt::format("reboot virtual machine {}, for what waits for it", vmid),
                         {{"patience", patience.count()}});
  step.timeout = patience + k_margin + k_start_timeout;
  step.disruption = Disruption::reboot_container;
}

void add_removal(const Lowering& lowering, StepChain& chain, std::int64_t vmid) {
  if (LiveView(lowering.live).is_running()) add_shutdown(lowering, chain, vmid, true);
  Step& step = chain.add("destroy", fmt::format("destroy virtual machine {} and its disks", vmid));
  step.timeout = k_destroy_timeout;
  step.disruption = Disruption::data_loss;
  step.destroys_data = true;
}

bool is_on_cloudinit_drive(std::string_view path) {
  const bool address = path.ends_with(".ip") || path.ends_with(".gw") || path.ends_with(".ip6") ||
                       path.ends_with(".gw6");
  return path.starts_with("cloudinit.") || (path.starts_with("network.") && address);
}

void add_update(const Lowering& lowering, StepChain& chain, std::int64_t vmid) {
  const bool runs = LiveView(lowering.live).is_running();
  const bool wants_running = get(lowering.wanted, "state") == "started";
  if (runs && !wants_running) add_shutdown(lowering, chain, vmid, false);
  add_machine_update(lowering, chain);
  if (!wants_running) return;
  const auto& attributes = lowering.change.attributes;
  const auto any = [&](auto condition) {
    return std::any_of(attributes.begin(), attributes.end(), condition);
  };
  const bool needs_reboot = any([](const AttributeChange& attribute) {
    return attribute.disruption >= Disruption::reboot_container;
  });
  if (!runs) {
    add_start(chain, vmid);
  } else if (needs_reboot) {
    add_reboot(lowering, chain, vmid);
    add_late_growth(lowering, chain);
  } else if (any([](const auto& attribute) { return is_on_cloudinit_drive(attribute.path); })) {
    chain.add("regenerate",
              fmt::format("write the cloud-init drive of virtual machine {} anew", vmid));
  }
}

// Nothing is destroyed for an image that is not there.
void add_image_check(const Lowering& lowering, StepChain& chain) {
  Json images = Json::array();
  for (const Json& disk : get(lowering.wanted, "disks")) {
    for (const char* key : {"import_from", "cdrom"}) {
      const std::string image = text_or(disk, key);
      if (image.find(':') != std::string::npos) images.push_back(image);
    }
  }
  if (images.empty()) return;
  chain.add("check_images", "check that its images are there", {{"images", images}}).prepares =
      true;
}

}  // namespace

std::vector<Step> lower_machine(const Lowering& lowering) {
  const std::int64_t vmid = vmid_of(lowering);
  StepChain chain(lowering, vmid);
  switch (lowering.change.action) {
    case Action::create:
      add_machine_creation(lowering, chain);
      break;
    case Action::update:
    case Action::adopt:
      add_update(lowering, chain, vmid);
      return chain.take();
    case Action::replace:
      add_image_check(lowering, chain);
      add_removal(lowering, chain, vmid);
      add_machine_creation(lowering, chain);
      break;
    case Action::remove:
      add_removal(lowering, chain, vmid);
      return chain.take();
  }
  if (get(lowering.wanted, "state") == "started") add_start(chain, vmid);
  return chain.take();
}

}  // namespace aegis::proxmox
