#pragma once

#include <filesystem>
#include <string>

#include "base/diagnostic.h"
#include "base/vault.h"
#include "manifest/compose/node.h"
#include "manifest/load.h"

namespace aegis::compose {

/// A service's `build`: a folder, or {context, dockerfile, args, labels, target}. Contexts that are
/// fetched from elsewhere are errors.
std::optional<Node> read_build(const Node& value, Diagnostics& diagnostics);

/// Makes the context of the service `name` absolute (relative ones are below `folder`), gives
/// arguments without a value that of their variable, adds `context_digest`, and the image name
/// "<project>-<name>" when the service has none. Unreadable contexts and missing Dockerfiles are
/// errors. Does nothing without `build`.
void resolve_build(Node& service,
                   const std::string& name,
                   const std::string& project_name,
                   const std::filesystem::path& folder,
                   const Environment& variables,
                   Diagnostics& diagnostics);

/// The resolved `build` as JSON, with `digest`: of all that decides what comes of it. Arguments
/// that hold a secret are errors, because an image shows its arguments to everyone.
Json build_json(const Node& build, Diagnostics& diagnostics);

}  // namespace aegis::compose
