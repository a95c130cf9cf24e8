#pragma once

#include <filesystem>

#include "manifest/compose/node.h"
#include "manifest/load.h"

namespace aegis::compose {

/// Makes the sources of a service's bind mounts absolute: relative ones stand in `folder`, and "~"
/// is the home of the user (the variable HOME).
void resolve_bind_paths(Node& service,
                        const std::filesystem::path& folder,
                        const Environment& variables,
                        Diagnostics& diagnostics);

}  // namespace aegis::compose
