#pragma once

#include <set>
#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

using KeySet = std::set<std::string, std::less<>>;

/// Takes what waits in a running `machine` and can be changed at once, by its `hotplug` setting.
/// Only keys in `modified` are tried, besides those that the machine does not see. The rest keeps
/// waiting for a restart. The complaints by key; what they are about waits too.
FieldErrors hotplug_machine(World& world, Machine& machine, const KeySet& modified);

/// Makes everything that waits so, as a start or the end of a stop does.
void apply_machine_pending(World& world, Machine& machine);

/// Drops waiting values that are in force already, and deletions of what is not set.
void cleanup_machine_pending(Machine& machine);

/// Why the machine cannot start (a missing volume or bridge), or "".
std::string machine_start_problem(const World& world, const Machine& machine);

}  // namespace aegis::simulator
