#pragma once

#include <span>
#include <vector>

#include "model/plan.h"
#include "model/report.h"

namespace aegis {

/// What happened to a run besides its steps' results.
struct Circumstances {
  bool stop_requested = false;
  bool undo_failed = false;  ///< of any step
};

/// Pure. What to call the run as a whole. A failure weighs more than a stop request. It is called
/// rolled back only when nothing outside a group failed and nothing of the failed groups remains:
/// no undo failed, no step that has one is still done, and none that destroys data was done.
/// `results` are those of `steps`, in their order.
Outcome make_outcome(std::span<const Step> steps,
                     std::span<const StepResult> results,
                     const Circumstances& circumstances);

}  // namespace aegis
