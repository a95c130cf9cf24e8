#include "kinds/proxmox/firewall/firewall.h"

#include "kinds/proxmox/firewall/firewall_declare.h"
#include "kinds/proxmox/firewall/firewall_observe.h"
#include "kinds/proxmox/firewall/firewall_perform.h"
#include "kinds/proxmox/firewall/firewall_plan.h"

namespace aegis {

const Kind& firewall_kind() {
  static const Kind k_kind{.name = "firewall",
                           .scope_type = "server",
                           .schema = "firewall",
                           .rules = proxmox::firewall_rules(),
                           .queries = proxmox::firewall_queries,
                           .interpret = proxmox::interpret_firewalls,
                           .normalize = proxmox::normalize_firewall,
                           .refine = proxmox::refine_firewall,
                           .lower = proxmox::lower_firewall,
                           .perform = proxmox::perform_firewall,
                           .survey = proxmox::survey_firewalls,
                           .declare = proxmox::declare_firewalls,
                           .lives_in_needs = true};
  return k_kind;
}

}  // namespace aegis
