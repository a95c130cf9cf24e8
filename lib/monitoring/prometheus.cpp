#include "monitoring/prometheus.h"

#include <string>
#include <utility>

#include "monitoring/checks.h"
#include "monitoring/fields.h"
#include "monitoring/relay.h"

namespace aegis::monitoring {
namespace {

constexpr const char* k_alertmanager = "127.0.0.1:9093";

Json static_targets(Json targets) {
  return Json::array({{{"targets", std::move(targets)}}});
}

// The label `instance` is the name in the manifest: alerts read "CPU of fsn1".
Json node_job(const Json& nodes) {
  Json groups = Json::array();
  for (const auto& [name, address] : nodes.items()) {
    groups.push_back({{"targets", Json::array({address})}, {"labels", {{"instance", name}}}});
  }
  return {{"job_name", "node"}, {"static_configs", std::move(groups)}};
}

Json further_job(const std::string& name, const Json& job) {
  Json result{{"job_name", name}, {"static_configs", static_targets(job.at("targets"))}};
  copy_field(job, "labels", result["static_configs"][0], "labels");
  copy_field(job, "path", result, "metrics_path");
  copy_field(job, "scheme", result, "scheme");
  copy_field(job, "interval", result, "scrape_interval");
  return result;
}

Json scrape_jobs(const Json& alerts) {
  const Json& scrape = get(alerts, "scrape");
  Json jobs = Json::array();
  jobs.push_back(
      {{"job_name", "prometheus"}, {"static_configs", static_targets({"127.0.0.1:9090"})}});
  if (!get(scrape, "node").empty()) jobs.push_back(node_job(scrape.at("node")));
  if (has_probes(alerts)) jobs.push_back(checks_job(alerts));
  if (needs_relay(alerts)) {
    jobs.push_back(
        {{"job_name", "relay"}, {"static_configs", static_targets({relay_address(alerts)})}});
  }
  for (const auto& [name, job] : get(scrape, "jobs").items()) {
    jobs.push_back(further_job(name, job));
  }
  return jobs;
}

}  // namespace

std::string alertmanager_address(const Json& alerts) {
  return text_or(get(alerts, "scrape"), "alertmanager", k_alertmanager);
}

Json prometheus_config(const Json& alerts) {
  const Json& scrape = get(alerts, "scrape");
  const std::string interval = text_or(scrape, "interval", k_usual_interval);
  const Json alertmanager{{"static_configs", static_targets({alertmanager_address(alerts)})}};
  return {{"global", {{"scrape_interval", interval}, {"evaluation_interval", interval}}},
          {"alerting", {{"alertmanagers", Json::array({alertmanager})}}},
          {"rule_files", {"rules/*.yml"}},
          {"scrape_configs", scrape_jobs(alerts)}};
}

}  // namespace aegis::monitoring
