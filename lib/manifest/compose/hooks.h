#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// `post_start` and `pre_stop`: a list of {command, user, privileged, working_dir, environment},
/// commands that run inside the container.
std::optional<Node> read_hooks(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
