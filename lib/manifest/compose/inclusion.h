#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// `include` of a project: a list of paths and of {path, project_directory, env_file}, each with
/// one path or a list of them, to a list of {path: [..], project_directory, env_file: [..]}.
std::optional<Node> read_include(const Node& value, Diagnostics& diagnostics);

/// `extends` of a service: the name of a service, or {service, file}, to the latter.
std::optional<Node> read_extends(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
