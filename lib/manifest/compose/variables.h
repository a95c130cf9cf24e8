#pragma once

#include "manifest/compose/stack.h"

namespace aegis::compose {

/// The variables that the files of a stack may refer to. By falling rank: COMPOSE_PROJECT_NAME, the
/// stack's own `environment`, the process environment, the files of variables (later ones first).
/// A listed file that is missing or broken is an error; `.env` is read only when no file is listed,
/// and not at all when COMPOSE_DISABLE_ENV_FILE is 1 or true.
Environment read_variables(const StackInput& input,
                           const Environment& process,
                           Diagnostics& diagnostics);

}  // namespace aegis::compose
