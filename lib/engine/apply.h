#pragma once

#include <span>
#include <stop_token>
#include <string_view>

#include "effects/effects.h"
#include "engine/journal.h"
#include "kinds/kind.h"
#include "model/plan.h"
#include "model/report.h"

namespace aegis {

/// Told about a run as it happens, on the thread that called `apply`.
class ApplyObserver {
 public:
  virtual ~ApplyObserver() = default;
  virtual void step_started(const Step& step) = 0;
  virtual void step_progress(const Step& step, std::string_view line) = 0;
  virtual void step_finished(const Step& step, const StepResult& result) = 0;
};

struct ApplyOptions {
  int parallelism = 4;  ///< steps at the same time
};

/// Performs the plan's steps: each when those it comes after are done, never two of a lane at once.
/// A step that fails skips what depends on it and undoes its group; the rest goes on. A stop
/// request lets the running steps finish and starts no more. Holds no decision logic.
Report apply(const Plan& plan,
             std::span<const Kind> kinds,
             const Effects& effects,
             Journal& journal,
             ApplyObserver& observer,
             std::stop_token stop,
             const ApplyOptions& options);

}  // namespace aegis
