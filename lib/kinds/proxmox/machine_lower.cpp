#include <fmt/format.h>

#include <algorithm>

#include "kinds/proxmox/machine_steps.h"

namespace aegis::proxmox {
namespace {

bool is_on_cloudinit_drive(std::string_view path) {
  const bool address = path.ends_with(".ip") || path.ends_with(".gw") || path.ends_with(".ip6") ||
                       path.ends_with(".gw6");
  return path.starts_with("cloudinit.") || (path.starts_with("network.") && address);
}

// After a reboot the drive is new anyway.
void finish(const Lowering& lowering, StepChain& chain, bool rebooted) {
  if (rebooted) return add_late_growth(lowering, chain);
  const auto& attributes = lowering.change.attributes;
  const bool on_drive =
      std::any_of(attributes.begin(), attributes.end(), [](const auto& attribute) {
        return is_on_cloudinit_drive(attribute.path);
      });
  if (!on_drive) return;
  chain.add("regenerate",
            fmt::format("write the cloud-init drive of virtual machine {} anew", chain.vmid()));
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
  return lower_guest(lowering,
                     machine_system(),
                     {.create = add_machine_creation,
                      .update = add_machine_update,
                      .check_source = add_image_check,
                      .finish = finish});
}

}  // namespace aegis::proxmox
