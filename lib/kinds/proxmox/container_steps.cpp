#include "kinds/proxmox/container_steps.h"

#include "kinds/proxmox/container_clone.h"
#include "kinds/proxmox/raw_lines.h"

namespace aegis::proxmox {
namespace {

void add_source_check(const Lowering& lowering, StepChain& chain) {
  if (is_clone(lowering.wanted)) return add_original_check(lowering, chain);
  const std::string image = text_or(lowering.wanted, "template");
  chain.add("check_template", "check that " + image + " is there", {{"template", image}}).prepares =
      true;
}

}  // namespace

std::vector<Step> lower_container(const Lowering& lowering) {
  return lower_guest(lowering,
                     container_system(),
                     {.create = add_create_step,
                      .update = add_update_steps,
                      .check_source = add_source_check,
                      .shell_attribute = k_raw_lines,
                      .by_shell = add_raw_lines});
}

}  // namespace aegis::proxmox
