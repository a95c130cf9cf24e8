#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "effects/clock.h"
#include "engine/alertmanager.h"
#include "model/alerting.h"
#include "model/desired.h"
#include "model/plan.h"

namespace aegis {

/// What silences the alerts about what the plan's steps disturb (a service's restart at least):
/// containers and machines with all they hold, a stack's services, and of what changes inside a
/// container the alerts about that container alone. At most two; nothing when nothing is disturbed.
std::vector<Silence> silences_for_plan(const Plan& plan,
                                       const Desired& desired,
                                       const Alerting& alerting);

/// The silences of one run. They end by themselves after an hour, whatever becomes of the run.
class RunSilences {
 public:
  /// Keeps references to both.
  RunSilences(const Alertmanager& alertmanager, Clock& clock)
      : alertmanager_(alertmanager), clock_(clock) {}

  /// Opens them. Fails as Alertmanager does at the first that it does not take; those before it
  /// hold.
  Result<Done> open(std::vector<Silence> silences, const std::string& who);

  /// Ends what was opened: after a success in two minutes, when Prometheus has looked again at what
  /// is back, else at once, so that what is broken is told. Fails at the first that cannot be
  /// ended, after trying all.
  Result<Done> close(bool succeeded);

 private:
  const Alertmanager& alertmanager_;
  Clock& clock_;
  std::vector<Silence> open_;
};

}  // namespace aegis
