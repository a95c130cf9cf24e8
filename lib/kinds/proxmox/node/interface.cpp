#include "kinds/proxmox/node/interface.h"

#include "kinds/proxmox/node/interface_observe.h"
#include "kinds/proxmox/node/interface_perform.h"
#include "kinds/proxmox/node/interface_rules.h"
#include "kinds/proxmox/node/interface_shape.h"
#include "kinds/proxmox/node/interface_steps.h"

namespace aegis {
namespace {

Json normalize(const Resource& resource, const Observation&) {
  return proxmox::shape_of_interface(resource.address.name, resource.spec);
}

}  // namespace

const Kind& interface_kind() {
  static const Kind k_kind{.name = "interface",
                           .scope_type = "server",
                           .schema = "interfaces",
                           .rules = proxmox::interface_rules(),
                           .queries = proxmox::interface_queries,
                           .interpret = proxmox::interpret_interfaces,
                           .normalize = normalize,
                           .refine = proxmox::refine_interface,
                           .lower = proxmox::lower_interface,
                           .perform = proxmox::perform_interface,
                           .survey = proxmox::survey_interfaces,
                           .declare = proxmox::declare_interfaces};
  return k_kind;
}

}  // namespace aegis
