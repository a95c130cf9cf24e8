#pragma once

#include <optional>
#include <string>

#include "base/diagnostic.h"
#include "base/vault.h"
#include "manifest/compose/node.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

/// A service's `build`: a folder, or {context, dockerfile, args, labels, target}. Contexts that are
/// fetched from elsewhere are errors.
std::optional<Node> read_build(const Node& value, Diagnostics& diagnostics);

/// Finishes the build of the service `name`, whose context is absolute: gives arguments without a
/// value that of their variable, adds `context_digest`, and the image name "<project>-<name>" when
/// the service has none. Unreadable contexts and missing Dockerfiles are
/// errors. Does nothing without `build`.
void resolve_build(Node& service,
                   const std::string& name,
                   const std::string& project_name,
                   const Variables& variables,
                   Diagnostics& diagnostics);

/// The resolved `build` as JSON, with `digest`: of all that decides what comes of it. Arguments
/// that hold a secret are errors, because an image shows its arguments to everyone.
Json build_json(const Node& build, Diagnostics& diagnostics);

}  // namespace aegis::compose
