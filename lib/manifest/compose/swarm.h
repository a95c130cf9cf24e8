#pragma once

#include "base/diagnostic.h"
#include "base/json.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// Makes a service one for a Swarm: limits and the number of tasks go into `deploy`, memory file
/// systems into `volumes`. What a Swarm cannot do is an error, what it has no use for a warning.
void fit_for_swarm(Node& service, Diagnostics& diagnostics);

/// The same for a network; its driver is `overlay` unless it says otherwise.
void fit_network_for_swarm(Node& network, Diagnostics& diagnostics);

/// {key: {name, external, driver, driver_opts, labels}} of the volumes of a finished project: a
/// Swarm makes them itself, on each node, from what a service says.
Json volume_table(const Node* volumes, const std::string& project_name);

}  // namespace aegis::compose
