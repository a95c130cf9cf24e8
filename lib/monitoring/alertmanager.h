#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace aegis::monitoring {

/// The severities of alerts, the worst first.
constexpr const char* k_severities[]{"critical", "warning", "info"};

/// The folder, on the system that runs Alertmanager, of secrets that it reads from files.
constexpr const char* k_secrets_folder = "/etc/prometheus/secrets";

/// alertmanager.yml for the section `alerts` (as Alertmanager 0.25 reads it): one receiver a
/// channel; for each severity a route to each of its channels, silent in the quiet hours if it has
/// them. An alert with another severity goes where the worst go first. Values that
/// Alertmanager can take from no file stand in it as the seals that they are.
Json alertmanager_config(const Json& alerts);

/// Alertmanager's name for what a channel is sent by: "discord", "email", "telegram", "webhook".
std::string integration_of(const Json& channel);

/// The channels that alerts of `severity` go to.
Json channels_of(const Json& alerts, const std::string& severity);

/// True when alerts of `severity` are silent in the quiet hours.
bool is_quiet(const Json& alerts, const std::string& severity);

/// The labels by which alerts are told together.
Json grouping_of(const Json& alerts);

/// The secrets that Alertmanager reads from files, by name in k_secrets_folder.
std::map<std::string, Json> secret_files(const Json& alerts);

}  // namespace aegis::monitoring
