#include "monitoring/documents.h"

#include "monitoring/alertmanager.h"
#include "monitoring/checks.h"
#include "monitoring/prometheus.h"
#include "monitoring/rules.h"

namespace aegis::monitoring {

std::map<std::string, Json> documents(const Json& alerts) {
  std::map<std::string, Json> files{{"prometheus.yml", prometheus_config(alerts)}};
  for (auto& [name, rules] : rule_files(alerts)) files["rules/" + name] = rules;
  if (!get(alerts, "channels").empty()) files["alertmanager.yml"] = alertmanager_config(alerts);
  if (has_probes(alerts)) files["blackbox.yml"] = blackbox_config(alerts);
  return files;
}

}  // namespace aegis::monitoring
