#pragma once

#include <string>
#include <string_view>

#include "simulator/world.h"

namespace aegis::simulator {

/// Moves one waiting value into the configuration: a mount point's disk is made, the disk it
/// replaces is kept as unusedN.
void take_value(World& world, Container& container, const std::string& key);

/// Carries out one waiting deletion: a mount point's disk is kept as unusedN, an unused disk is
/// destroyed.
void take_deletion(World& world, Container& container, const std::string& key);

/// Why the value of a mount key cannot be mounted ("volume 'x' does not exist"), or "".
std::string mount_problem(const World& world, std::string_view key, std::string_view value);

}  // namespace aegis::simulator
