#pragma once

#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// Carries out a task's work, adds to its log, and returns its exit status: "OK" or what went
/// wrong. The verbs: create, destroy, start, stop, reboot, resize, clone, migrate, and those about
/// files, backups and snapshots.
std::string perform_work(World& world, Task& task);

/// What a task that fails without having worked leaves behind: no half-made container.
void abandon_work(World& world, const Task& task);

/// Why the container cannot start (a missing volume, bridge, device), or "".
std::string start_problem(const World& world, const Container& container);

/// The last of making a container or a machine, as the task's verb tells: it joins the pool that
/// the work names, and a task starts it when that was asked for.
void finish_making(World& world, const Task& task, int vmid);

}  // namespace aegis::simulator
