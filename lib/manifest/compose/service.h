#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// One service of a file in canonical form. `deploy`, `scale`, `env_file` and `profiles` are still
/// there: they are resolved after all files are merged. The table in the source is the list of keys
/// that are supported.
std::optional<Node> read_service(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
