#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// A top-level network or volume in canonical form. The old `external: {name: x}` becomes
/// `external: true` with `name: x`. Null is an empty definition.
std::optional<Node> read_network(const Node& value, Diagnostics& diagnostics);
std::optional<Node> read_volume(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
