#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// The steps of swarm_network_kind: "create", "remove" (with the services in input.users) and
/// "adopt".
Result<Json> perform_swarm_network(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::docker
