#pragma once

#include <vector>

#include "effects/clock.h"
#include "kinds/kind.h"
#include "model/alerting.h"
#include "model/status.h"

namespace aegis {

/// What to ask for how the declared checks stand, in one wave: the blackbox exporter makes each of
/// its own when it is asked, and one read-only script tells of all that are programs.
std::vector<Query> check_queries(const Alerting& alerting);

/// Pure. How the checks stand, in the order of their names. A check that nobody told of is
/// "unknown", and why is said once for all in `gaps`.
std::vector<CheckStatus> read_checks(const Alerting& alerting,
                                     const Replies& replies,
                                     TimePoint now,
                                     std::vector<StatusGap>& gaps);

}  // namespace aegis
