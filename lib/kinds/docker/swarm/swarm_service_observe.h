#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// The reading half of swarm_service_kind. Observation::context: {api, id, desired: the ServiceSpec
/// that is asked for, replaced: {configs, secrets: names that go once nothing uses them}}.
std::vector<Query> swarm_service_queries(const Batch& batch, const Replies& replies);
Result<std::vector<Observation>> interpret_swarm_services(const Batch& batch,
                                                          const Replies& replies,
                                                          Vault& vault);
Json normalize_swarm_service(const Resource& resource, const Observation& live);

}  // namespace aegis::docker
