#pragma once

#include "exit_code.h"
#include "kinds/os/data_restore.h"
#include "options.h"
#include "session.h"
#include "terminal.h"

namespace aegis {

/// `restore backup/NAME`: brings data back from a copy of that entry. What to end with.
ExitCode restore_data(Session& session, const Options& options, Terminal& terminal);

/// Reads what there is, shows what `wish` takes, asks, and does it, while the locks are held. What
/// to end with.
ExitCode restore_data_locked(Session& session,
                             const Options& options,
                             const os::DataRestoreWish& wish,
                             Terminal& terminal);

}  // namespace aegis
