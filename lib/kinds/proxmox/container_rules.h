#pragma once

#include <span>
#include <string>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// What is known of each attribute of a container.
std::span<const AttributeRule> container_rules();

/// Kind::refine of a container: what a difference disturbs in a stopped guest, which door it takes
/// by what else changes, and what cannot be done at all (`blocked`).
void refine_container(AttributeChange& attribute,
                      const Json& wanted,
                      const Observation& live,
                      std::string& blocked);

/// Kind::keeps of a container: Proxmox removes none that is protected.
std::string keeps_container(Action ending, const Observation& live);

}  // namespace aegis::proxmox
