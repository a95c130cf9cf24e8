#pragma once

#include <vector>

#include "kinds/kind.h"

namespace aegis::docker {

/// The kind's `queries`: after the stack's lists, one wave of inspects of its containers and of the
/// images that they have and should have.
std::vector<Query> service_queries(const Batch& batch, const Replies& replies);

/// The kind's `interpret`.
Result<std::vector<Observation>> interpret_services(const Batch& batch,
                                                    const Replies& replies,
                                                    Vault& vault);

/// The kind's `normalize`.
Json normalize_service(const Resource& resource, const Observation& live);

}  // namespace aegis::docker
