#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "exit_code.h"
#include "model/plan.h"
#include "options.h"
#include "session.h"
#include "terminal.h"

namespace aegis {

/// What `plan` and the approval of it came to: the steps of `apply` and `destroy` are made here.
/// Shows the plan, asks where a person has to be asked, takes the locks, reads everything anew,
/// refuses when it has moved since it was shown, performs, and reports.
ExitCode plan_and_perform(Session& session, const Options& options, Terminal& terminal);

/// How a plan ended, and the first step's error; empty when none had one.
struct Ending {
  ExitCode code = ExitCode::success;
  std::string failure = {};
};

/// Performs the steps of a plan that was agreed to and prints the report; `again` is the command
/// that goes on where it ended.
Ending perform(Session& session,
               const Options& options,
               const Plan& plan,
               Terminal& terminal,
               std::string_view again);

/// Does `work` while it holds the locks of all systems. What `work` ends with, unless they could
/// not be taken or, after a success, not be given back.
ExitCode under_locks(Session& session,
                     const Options& options,
                     Terminal& terminal,
                     const std::function<ExitCode()>& work);

/// Asks a person who has not approved beforehand. Nothing when it may be done, else what to end
/// with.
std::optional<ExitCode> ask_whether(const Options& options,
                                    Terminal& terminal,
                                    std::string_view question);

}  // namespace aegis
