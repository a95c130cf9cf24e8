#pragma once

#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// The file of the replication jobs in `World::files`.
inline constexpr std::string_view k_replication_file = "replication.cfg";

/// The id of a job that replicates the guest, or "".
std::string replication_job_of(const World& world, int vmid);

}  // namespace aegis::simulator
