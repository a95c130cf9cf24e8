#pragma once

#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// True for work on virtual machines: its verbs begin with "qemu-".
bool is_machine_work(const Task& task);

/// As perform_work and abandon_work, for virtual machines. The verbs: create, configure, destroy,
/// start, stop, reboot, resize, clone, restore, template.
std::string perform_machine_work(World& world, Task& task);
void abandon_machine_work(World& world, const Task& task);

}  // namespace aegis::simulator
