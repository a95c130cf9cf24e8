#pragma once

#include "base/json.h"

namespace aegis::monitoring {

/// prometheus.yml for the section `alerts`: its own metrics, the node exporters, the checks and the
/// further jobs; the rule files in `rules` beside it; the Alertmanager.
Json prometheus_config(const Json& alerts);

}  // namespace aegis::monitoring
