#pragma once

#include <span>
#include <string>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// What is known of each attribute of a virtual machine.
std::span<const AttributeRule> machine_rules();

/// Kind::refine of a virtual machine: what a difference disturbs by the machine's `hotplug` setting
/// and its power state, and what cannot be done at all (`blocked`).
void refine_machine(AttributeChange& attribute,
                    const Json& wanted,
                    const Observation& live,
                    std::string& blocked);

/// Kind::keeps of a virtual machine: Proxmox removes none that is protected.
std::string keeps_machine(Action ending, const Observation& live);

}  // namespace aegis::proxmox
