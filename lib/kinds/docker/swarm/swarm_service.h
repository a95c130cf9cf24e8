#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A service of a stack in a Swarm: what `docker stack deploy` makes of it, labelled as theirs and
/// as ours. The Swarm replaces its tasks itself, in the way that `deploy.update_config` says.
const Kind& swarm_service_kind();

}  // namespace aegis
