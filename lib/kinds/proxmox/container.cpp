#include "kinds/proxmox/container.h"

#include "kinds/proxmox/container_declare.h"
#include "kinds/proxmox/container_observe.h"
#include "kinds/proxmox/container_perform.h"
#include "kinds/proxmox/container_rules.h"
#include "kinds/proxmox/container_steps.h"

namespace aegis {

const Kind& container_kind() {
  static const Kind k_kind{.name = "container",
                           .scope_type = "server",
                           .schema = "containers",
                           .rules = proxmox::container_rules(),
                           .queries = proxmox::container_queries,
                           .interpret = proxmox::interpret_containers,
                           .normalize = proxmox::normalize_container,
                           .refine = proxmox::refine_container,
                           .keeps = proxmox::keeps_container,
                           .lower = proxmox::lower_container,
                           .perform = proxmox::perform_container,
                           .survey = proxmox::survey_containers,
                           .declare = proxmox::declare_containers};
  return k_kind;
}

}  // namespace aegis
