#pragma once

#include "effects/clock.h"
#include "kinds/kind.h"
#include "model/status.h"

namespace aegis::docker {

/// The queries and the reading of a StatusReader for a stack: each declared service's container,
/// with its memory and the age of its image. A stack whose container does not run has nothing but
/// absent services.
std::vector<Query> service_status_queries(const Batch& batch, const Replies& replies);
Result<Done> read_service_status(const Batch& batch,
                                 const Replies& replies,
                                 TimePoint now,
                                 Status& status);

}  // namespace aegis::docker
