#pragma once

#include <filesystem>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"
#include "manifest/load.h"

namespace aegis::compose {

/// Makes the relative paths in a canonical service absolute, as standing in `folder`: sources of
/// bind mounts, `env_file`, the build context. "~" is the home of the user (the variable HOME).
/// URLs stay.
void make_service_paths_absolute(Node& service,
                                 const std::filesystem::path& folder,
                                 const Environment& variables,
                                 Diagnostics& diagnostics);

/// The same for everything in a canonical document: services, and the files of configs and secrets.
void make_paths_absolute(Node& project,
                         const std::filesystem::path& folder,
                         const Environment& variables,
                         Diagnostics& diagnostics);

/// `folder` as an absolute path without "." and ".." pieces and without a slash at its end.
std::filesystem::path absolute_folder(const std::filesystem::path& folder);

}  // namespace aegis::compose
