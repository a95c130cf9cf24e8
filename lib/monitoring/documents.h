#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace aegis::monitoring {

/// What the section `alerts` means to Prometheus, Alertmanager and the blackbox exporter: the
/// values of their files by name below /etc/prometheus, as Debian has it: "prometheus.yml",
/// "rules/host.yml", "alertmanager.yml" (when there is a channel), "blackbox.yml" (when there is a
/// check). Pure; the same section gives the same values. Secrets stay the seals that they are.
std::map<std::string, Json> documents(const Json& alerts);

}  // namespace aegis::monitoring
