#pragma once

#include <filesystem>

#include "manifest/compose/node.h"
#include "manifest/load.h"

namespace aegis::compose {

/// Makes the sources of a service's bind mounts absolute: relative ones stand in `folder`, and "~"
/// is the home of the user (the variable HOME). A file below `folder` that is mounted read-only
/// gets the SHA-256 of what it holds as `content_digest`, so that a change of it is a change of the
/// service.
void resolve_bind_paths(Node& service,
                        const std::filesystem::path& folder,
                        const Environment& variables,
                        Diagnostics& diagnostics);

}  // namespace aegis::compose
