#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// A service's `deploy` in canonical form. What only a cluster needs is noted and dropped.
std::optional<Node> read_deploy(const Node& value, Diagnostics& diagnostics);

/// Moves what `deploy` and `scale` say into the service's own keys (cpus, mem_limit,
/// mem_reservation, pids_limit, restart) and removes them. A limit that both say differently, and
/// any number of containers but one, are errors.
void fold_deploy(Node& service, Diagnostics& diagnostics);

}  // namespace aegis::compose
