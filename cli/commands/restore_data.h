#pragma once

#include "exit_code.h"
#include "options.h"
#include "session.h"
#include "terminal.h"

namespace aegis {

/// `restore backup/NAME`: brings data back from a copy of that entry. What to end with.
ExitCode restore_data(Session& session, const Options& options, Terminal& terminal);

}  // namespace aegis
