#pragma once

#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// The work of a clone task: {"vmid" of the new machine, "source", "full", "storage", "name",
/// "description", "pool"}. Its exit status; nothing is left of a clone that fails.
std::string perform_machine_clone(World& world, const Json& work);

/// The work of a template task: the disks become base volumes.
std::string perform_machine_template(World& world, Machine& machine);

}  // namespace aegis::simulator
