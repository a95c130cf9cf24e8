#include "kinds/proxmox/container_steps.h"

namespace aegis::proxmox {
namespace {

void add_template_check(const Lowering& lowering, StepChain& chain) {
  const std::string image = text_or(lowering.wanted, "template");
  chain.add("check_template", "check that " + image + " is there", {{"template", image}}).prepares =
      true;
}

}  // namespace

std::vector<Step> lower_container(const Lowering& lowering) {
  return lower_guest(
      lowering,
      container_system(),
      {.create = add_create_step, .update = add_update_steps, .check_source = add_template_check});
}

}  // namespace aegis::proxmox
