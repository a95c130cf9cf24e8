#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// A document of a Compose file in canonical form: {name, services, networks, volumes}, as far as
/// it has them.
std::optional<Node> read_project(const Node& document, Diagnostics& diagnostics);

}  // namespace aegis::compose
