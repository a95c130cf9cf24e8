#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/world.h"

namespace aegis::simulator {

/// Carries out a task about backups and returns its exit status, or nothing when the task's verb is
/// another's: backup (of the guests in "vmids"), prune, restore.
std::optional<std::string> perform_backup_work(World& world, Task& task);

/// Locks the guests that a backup begins with and returns them, for the task's "locked"; those that
/// were locked already are not among them. In snapshot mode their parent is "vzdump" meanwhile.
Json lock_for_backup(World& world, const std::vector<int>& vmids, bool with_snapshot);

/// Lets the guests of a backup go again.
void unlock_after_backup(World& world, const Task& task);

/// Creates or overwrites a container from an archive; the verb is "restore".
std::string restore_container(World& world, Task& task);

}  // namespace aegis::simulator
