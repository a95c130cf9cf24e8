#pragma once

#include "base/result.h"
#include "model/report.h"

namespace aegis {

/// What the process ends with; pipelines branch on it. The README lists them for users.
enum class ExitCode {
  success = 0,
  failure = 1,
  differences = 2,   ///< `plan --detailed-exitcode` and `drift`
  invalid = 3,       ///< manifest or usage
  unauthorized = 4,  ///< authentication or privilege
  unreachable = 5,
  refused = 6,   ///< by a guard: protection, policy, window
  conflict = 7,  ///< lock held, or the saved plan is stale
  rolled_back = 8,
  partial = 9,
  objective_missed = 10,  ///< health, RPO or RTO
  timed_out = 124,
  interrupted = 130,
};

/// The exit code for an error that ends a command.
ExitCode exit_code(const Error& error);

/// The exit code for how a run ended.
ExitCode exit_code(Outcome outcome);

}  // namespace aegis
