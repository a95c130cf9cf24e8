#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// Performs the step that add_adoption adds, for the namespace of a Swarm: what marks it is a
/// config of the name Stack::marker(), which all managers see.
Result<Json> perform_swarm_adoption(const Step& step, Effects& effects);

}  // namespace aegis::docker
