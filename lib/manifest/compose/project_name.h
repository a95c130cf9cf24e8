#pragma once

#include <string>

#include "manifest/compose/stack.h"

namespace aegis {

/// The name that Compose gives the project of `input` when nobody says one: COMPOSE_PROJECT_NAME of
/// the environment or an environment file; else the last `name` in the files; else that of the
/// folder, in lower case and without what a name cannot hold. What cannot be read is passed over:
/// `load_stack` will say so.
std::string default_project_name(const StackInput& input, const Environment& environment);

}  // namespace aegis
