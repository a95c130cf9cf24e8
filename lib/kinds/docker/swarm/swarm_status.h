#pragma once

#include "kinds/status.h"

namespace aegis::docker {

/// How the services of a stack in a Swarm run: the tasks that run, of those that should. The rest
/// of StatusReader's contract holds.
std::vector<Query> swarm_status_queries(const Batch& batch, const Replies& replies);
Result<Done> read_swarm_status(const Batch& batch, const Replies& replies, Status& status);

}  // namespace aegis::docker
