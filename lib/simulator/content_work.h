#pragma once

#include <optional>
#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// Carries out a task about files on storages and returns its exit status, or nothing when the
/// task's verb is another's: download, fetch, upload, remove_volume.
std::optional<std::string> perform_content_work(World& world, Task& task);

}  // namespace aegis::simulator
