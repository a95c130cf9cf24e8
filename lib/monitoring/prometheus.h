#pragma once

#include <string>

#include "base/json.h"

namespace aegis::monitoring {

/// How often everything is measured when the section does not say.
constexpr const char* k_usual_interval = "30s";

/// Where Alertmanager listens, as the system sees it that runs Prometheus.
std::string alertmanager_address(const Json& alerts);

/// prometheus.yml for the section `alerts`: its own metrics, the node exporters, the checks and the
/// further jobs; the rule files in `rules` beside it; the Alertmanager.
Json prometheus_config(const Json& alerts);

}  // namespace aegis::monitoring
