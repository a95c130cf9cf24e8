#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// The steps of swarm_service_kind: "create", "update", "wait", "settle", "remove", "clear" and
/// "adopt".
Result<Json> perform_swarm_service(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::docker
