#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// A service's `deploy` in canonical form.
std::optional<Node> read_deploy(const Node& value, Diagnostics& diagnostics);

/// Moves what `deploy` and `scale` say into the service's own keys (cpus, mem_limit,
/// mem_reservation, pids_limit, restart, update_config) and removes them. A limit and a number
/// of containers that both say differently are errors; the number becomes `scale`, and 0 is one
/// too. What only a cluster needs is noted and dropped.
void fold_deploy(Node& service, Diagnostics& diagnostics);

/// The other way, for a Swarm: moves the service's own keys for the same limits, and `scale`, into
/// `deploy`, which is there afterwards. Contradictions are errors.
void unfold_deploy(Node& service, Diagnostics& diagnostics);

}  // namespace aegis::compose
