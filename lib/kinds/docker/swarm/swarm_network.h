#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A network of a stack in a Swarm. Nothing of it can change while it exists, and it can only be
/// removed when no service uses it: the stack's services on it are removed with it and made again.
const Kind& swarm_network_kind();

}  // namespace aegis
