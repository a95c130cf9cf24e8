#pragma once

#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// Takes the locks that a clone holds: "disk" on the source, and a stub with "create" for the copy.
void begin_clone(World& world, Container& source, int newid);

/// Makes the copy that the task describes and lets go of the locks; returns the exit status.
std::string clone_container(World& world, const Task& task);

/// What a clone that failed leaves: nothing of the copy, and an unlocked source.
void abandon_clone(World& world, const Task& task);

}  // namespace aegis::simulator
