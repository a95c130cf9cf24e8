#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace aegis::monitoring {

/// The uid of the data source that the dashboards ask.
constexpr const char* k_datasource = "aegisctl";

/// Grafana's dashboards for the section `alerts`, by file name: "systems.json" (what the node
/// exporters tell), "checks.json" and "alerts.json". The thresholds of the section's rules are
/// drawn into the panels of what they watch. A dashboard that nothing feeds is left out.
std::map<std::string, Json> dashboards(const Json& alerts);

/// What provisions the data source: Prometheus at `url`.
Json datasource_provisioning(const std::string& url);

/// What provisions the dashboards in `folder`, as Grafana sees it.
Json dashboard_provisioning(const std::string& folder);

}  // namespace aegis::monitoring
