#pragma once

#include "exit_code.h"
#include "model/timeline.h"
#include "options.h"
#include "terminal.h"

namespace aegis {

/// Prints what a rebuild or a drill came to, and writes it as JSON into the file of --out. What to
/// end with: `objective_missed` when an objective was.
ExitCode tell(const Timeline& timeline, const Options& options, Terminal& terminal);

}  // namespace aegis
