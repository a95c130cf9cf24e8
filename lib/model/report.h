#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/plan.h"

namespace aegis {

enum class StepStatus {
  done,
  failed,
  skipped,      ///< a step it waits for did not succeed
  not_started,  ///< the run was interrupted before its turn
  rolled_back,  ///< it was done, then undone because its group failed
};
std::string_view to_string(StepStatus status);

struct StepResult {
  StepId id = 0;
  StepStatus status = StepStatus::not_started;
  std::optional<Error> error;  ///< of a failed step; of a skipped one: nothing
  std::string detail;          ///< a warning of a task that succeeded; what the undo said
  std::chrono::milliseconds duration{0};
};

enum class Outcome {
  succeeded,
  rolled_back,  ///< something failed, and every failed group was undone completely
  partial,      ///< something failed, and what was done before it stays
  interrupted,  ///< the user asked to stop; what was running was finished
};
std::string_view to_string(Outcome outcome);

/// What came of a plan.
struct Report {
  Outcome outcome = Outcome::succeeded;
  std::vector<StepResult> results;  ///< one a step, in the plan's order
  std::chrono::milliseconds duration{0};
};

}  // namespace aegis
