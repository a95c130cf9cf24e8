#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// The steps of a change to a service of a Swarm. An update and the wait for it are a group: when
/// it fails, the group's end tells whether the Swarm went back by itself or the service stays as it
/// is.
std::vector<Step> lower_swarm_service(const Lowering& lowering);

}  // namespace aegis::docker
