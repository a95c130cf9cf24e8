#pragma once

#include <filesystem>

#include "manifest/compose/node.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

/// Reads a service's `env_file`s (relative to `folder`) into its `environment`, removes the key,
/// and gives names without a value the value of that variable; those whose variable is not set stay
/// null. What the service itself says wins over files, later files win over earlier ones. Values
/// from outside are marked as interpolated. Missing and broken files are errors at their place.
void resolve_environment(Node& service,
                         const std::filesystem::path& folder,
                         const Variables& variables,
                         Diagnostics& diagnostics);

/// Does the same for `label_file` and `labels`.
void resolve_label_files(Node& service,
                         const std::filesystem::path& folder,
                         const Variables& variables,
                         Diagnostics& diagnostics);

}  // namespace aegis::compose
