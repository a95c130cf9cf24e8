#include "kinds/proxmox/machine.h"

#include "kinds/proxmox/machine_declare.h"
#include "kinds/proxmox/machine_observe.h"
#include "kinds/proxmox/machine_perform.h"
#include "kinds/proxmox/machine_rules.h"
#include "kinds/proxmox/machine_steps.h"

namespace aegis {

const Kind& machine_kind() {
  static const Kind k_kind{.name = "machine",
                           .scope_type = "server",
                           .schema = "machines",
                           .rules = proxmox::machine_rules(),
                           .queries = proxmox::machine_queries,
                           .interpret = proxmox::interpret_machines,
                           .normalize = proxmox::normalize_machine,
                           .refine = proxmox::refine_machine,
                           .keeps = proxmox::keeps_machine,
                           .lower = proxmox::lower_machine,
                           .perform = proxmox::perform_machine,
                           .survey = proxmox::survey_machines,
                           .declare = proxmox::declare_machines};
  return k_kind;
}

}  // namespace aegis
