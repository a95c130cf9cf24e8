#pragma once

#include "exit_code.h"
#include "options.h"
#include "render/restore_text.h"
#include "session.h"
#include "terminal.h"

namespace aegis {

/// Shows what a restore is going to do, or why it is not done, asks, and does it: `plan`, whose
/// steps `outline` has. What to end with.
ExitCode show_and_restore(Session& session,
                          const Options& options,
                          const RestoreOutline& outline,
                          const Plan& plan,
                          Terminal& terminal);

}  // namespace aegis
