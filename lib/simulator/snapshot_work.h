#pragma once

#include <optional>
#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// True when every mount is on a storage that makes snapshots; bind and device mounts never are.
bool can_snapshot(const World& world, const Container& container);

/// Carries out a task about snapshots of `container` and returns its exit status, or nothing when
/// the task's verb is another's: snapshot, delete_snapshot, rollback.
std::optional<std::string> perform_snapshot_work(World& world, Container& container, Task& task);

}  // namespace aegis::simulator
