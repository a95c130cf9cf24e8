#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A config of a stack in a Swarm. A new content is stored as a new config, beside the old one;
/// that goes once the services have moved.
const Kind& swarm_config_kind();

/// The same for a secret, whose content the Swarm never tells again.
const Kind& swarm_secret_kind();

}  // namespace aegis
