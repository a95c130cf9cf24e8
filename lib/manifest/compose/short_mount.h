#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// One short item of `volumes`, "[source:]target[:options]", in the long form. Options are ro, rw,
/// z, Z, nocopy and the propagation modes, with commas between them; cached, delegated and
/// consistent are noted and dropped.
std::optional<Node> read_short_mount(const Node& item, Diagnostics& diagnostics);

}  // namespace aegis::compose
