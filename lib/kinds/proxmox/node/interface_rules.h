#pragma once

#include "kinds/kind.h"

namespace aegis::proxmox {

/// Every attribute of an interface: all are in force after the reload.
std::span<const AttributeRule> interface_rules();

/// Kind::refine. What touches the interface that the server is reached at is shown as heavier than
/// a reload; what would take that address away is blocked.
void refine_interface(AttributeChange& attribute,
                      const Json& wanted,
                      const Observation& live,
                      std::string& blocked);

}  // namespace aegis::proxmox
