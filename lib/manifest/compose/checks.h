#pragma once

#include <set>
#include <string>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

// What a merged project can get wrong as a whole. Each function reports all it finds.

/// Networks, volumes and services that are used but not defined, and circles of dependencies.
/// `disabled` are the services that no profile enables: a message about one of them says so.
void check_references(const Node& project,
                      const std::set<std::string>& disabled,
                      Diagnostics& diagnostics);

/// Contradictions within a service: no image, a network mode beside networks, two things mounted at
/// one path, a start interval without a start period.
void check_services(const Node& project, Diagnostics& diagnostics);

/// Two things of the stack that want the same: a container name, a port of the host, the engine's
/// name of a network or volume. `project_name` is the Compose project's.
void check_conflicts(const Node& project,
                     const std::string& project_name,
                     Diagnostics& diagnostics);

/// Networks and volumes that are external and yet described.
void check_external(const Node& project, Diagnostics& diagnostics);

}  // namespace aegis::compose
