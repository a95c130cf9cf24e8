#include "monitoring/dashboards.h"

#include <optional>
#include <string_view>
#include <vector>

#include "monitoring/rules.h"

namespace aegis::monitoring {
namespace {

constexpr int k_schema_version = 36;  // of Grafana 9; later ones read it
constexpr int k_columns = 24;         // of a dashboard
constexpr int k_height = 8;           // of a panel

struct Panel {
  const char* title;
  const char* expr;
  const char* legend;
  const char* unit;                 ///< Grafana's name of it
  const char* word = nullptr;       ///< of a rule whose threshold is drawn
  int columns = 12;                 ///< wide
  const char* type = "timeseries";  ///< the panel's
};

const std::vector<Panel> k_systems{
    {"CPU",
     R"(100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle",instance=~"$system"}[5m]))))",
     "{{instance}}",
     "percent",
     "cpu"},
    {"Memory",
     R"(100 * (1 - node_memory_MemAvailable_bytes{instance=~"$system"} / node_memory_MemTotal_bytes))",
     "{{instance}}",
     "percent",
     "memory"},
    {"Disks",
     R"(100 * (1 - node_filesystem_avail_bytes{instance=~"$system"} / node_filesystem_size_bytes{fstype!~"tmpfs|ramfs|squashfs|overlay"}))",
     "{{instance}} {{mountpoint}}",
     "percent",
     "disk"},
    {"Waiting for disks",
     R"(100 * avg by (instance) (rate(node_cpu_seconds_total{mode="iowait",instance=~"$system"}[5m])))",
     "{{instance}}",
     "percent",
     "io_wait"},
    {"Network, received",
     R"(sum by (instance) (rate(node_network_receive_bytes_total{device!~"lo|veth.*",instance=~"$system"}[5m])))",
     "{{instance}}",
     "Bps"},
    {"Network, sent",
     R"(sum by (instance) (rate(node_network_transmit_bytes_total{device!~"lo|veth.*",instance=~"$system"}[5m])))",
     "{{instance}}",
     "Bps"},
};

const std::vector<Panel> k_checks{
    {"Well", "probe_success", "{{check}}", "bool_yes_no", nullptr, k_columns, "state-timeline"},
    {"Time to answer", "probe_duration_seconds", "{{check}}", "s"},
    {"Pings lost",
     R"(100 * (1 - avg_over_time(probe_success{type="icmp"}[15m])))",
     "{{check}}",
     "percent",
     "packet_loss"},
    {"Certificates, days left",
     "(probe_ssl_earliest_cert_expiry - time()) / 86400",
     "{{check}}",
     "d",
     "certificate_expires"},
    {"Values", "check_value", "{{check}}", "short"},
};

const std::vector<Panel> k_alerts{
    {"Firing now",
     R"(sum by (alertname, severity) (ALERTS{alertstate="firing",alertname!="Watchdog"}))",
     "{{severity}} {{alertname}}",
     "short",
     nullptr,
     k_columns,
     "state-timeline"},
    {"Told to people",
     "sum by (integration) (increase(alertmanager_notifications_total[1h]))",
     "{{integration}}",
     "short"},
    {"Could not be told",
     "sum by (integration) (increase(alertmanager_notifications_failed_total[1h]))",
     "{{integration}}",
     "short"},
    {"Wait in the relay", "sum by (channel) (aegisctl_relay_waiting)", "{{channel}}", "short"},
};

// The mildest threshold of the section's rules that use the word.
std::optional<double> threshold_of(const Json& alerts, const char* name) {
  if (name == nullptr) return std::nullopt;
  std::optional<double> found;
  for (const auto& [rule_name, rule] : get(alerts, "rules").items()) {
    const RuleWord* word = word_of(rule_name, rule);
    if (word == nullptr || word->word != name) continue;
    const auto threshold = threshold_of_rule(*word, rule);
    if (threshold && (!found || *threshold < *found)) found = threshold;
  }
  return found;
}

Json thresholds(const Json& alerts, const Panel& panel) {
  Json steps = Json::array({{{"color", "green"}, {"value", nullptr}}});
  const auto threshold = threshold_of(alerts, panel.word);
  if (threshold) {
    // Of days that are left, few are bad.
    const bool is_least = std::string_view(panel.unit) == "d";
    if (is_least) steps[0]["color"] = "red";
    steps.push_back({{"color", is_least ? "green" : "red"}, {"value", *threshold}});
  }
  return {{"mode", "absolute"}, {"steps", std::move(steps)}};
}

Json panel_json(const Json& alerts, const Panel& panel, int id, int x, int y) {
  Json defaults{{"unit", panel.unit}, {"thresholds", thresholds(alerts, panel)}};
  const bool is_percent = std::string_view(panel.unit) == "percent";
  if (is_percent) defaults["min"] = 0;
  const bool is_drawn = defaults["thresholds"]["steps"].size() > 1;
  if (is_drawn) defaults["custom"]["thresholdsStyle"]["mode"] = "line";
  return {{"id", id},
          {"type", panel.type},
          {"title", panel.title},
          {"gridPos", {{"x", x}, {"y", y}, {"w", panel.columns}, {"h", k_height}}},
          {"datasource", {{"type", "prometheus"}, {"uid", k_datasource}}},
          {"fieldConfig", {{"defaults", std::move(defaults)}, {"overrides", Json::array()}}},
          {"targets",
           Json::array({{{"refId", "A"},
                         {"datasource", {{"type", "prometheus"}, {"uid", k_datasource}}},
                         {"expr", panel.expr},
                         {"legendFormat", panel.legend}}})}};
}

Json panels_json(const Json& alerts, const std::vector<Panel>& panels) {
  Json all = Json::array();
  int x = 0;
  int y = 0;
  for (const Panel& panel : panels) {
    if (x + panel.columns > k_columns) {
      x = 0;
      y += k_height;
    }
    all.push_back(panel_json(alerts, panel, static_cast<int>(all.size()) + 1, x, y));
    x += panel.columns;
  }
  return all;
}

Json system_variable() {
  return {{"name", "system"},
          {"label", "System"},
          {"type", "query"},
          {"datasource", {{"type", "prometheus"}, {"uid", k_datasource}}},
          {"query", "label_values(node_uname_info, instance)"},
          {"refresh", 2},
          {"multi", true},
          {"includeAll", true},
          {"current", {{"text", "All"}, {"value", "$__all"}}}};
}

Json dashboard(const Json& alerts,
               const std::string& name,
               const std::string& title,
               const std::vector<Panel>& panels) {
  return {{"uid", "aegisctl-" + name},
          {"title", title},
          {"tags", Json::array({"aegisctl"})},
          {"schemaVersion", k_schema_version},
          {"editable", false},
          {"timezone", "browser"},
          {"refresh", "30s"},
          {"time", {{"from", "now-6h"}, {"to", "now"}}},
          {"templating", {{"list", Json::array()}}},
          {"annotations", {{"list", Json::array()}}},
          {"panels", panels_json(alerts, panels)}};
}

}  // namespace

std::map<std::string, Json> dashboards(const Json& alerts) {
  std::map<std::string, Json> all;
  if (!get(get(alerts, "scrape"), "node").empty()) {
    Json systems = dashboard(alerts, "systems", "Systems", k_systems);
    systems["templating"]["list"].push_back(system_variable());
    all["systems.json"] = std::move(systems);
  }
  if (!get(alerts, "checks").empty()) {
    all["checks.json"] = dashboard(alerts, "checks", "Checks", k_checks);
  }
  all["alerts.json"] = dashboard(alerts, "alerts", "Alerts", k_alerts);
  return all;
}

Json datasource_provisioning(const std::string& url) {
  return {{"apiVersion", 1},
          {"datasources",
           Json::array({{{"name", "Prometheus (aegisctl)"},
                         {"uid", k_datasource},
                         {"type", "prometheus"},
                         {"access", "proxy"},
                         {"url", url},
                         {"editable", false}}})}};
}

Json dashboard_provisioning(const std::string& folder) {
  return {{"apiVersion", 1},
          {"providers",
           Json::array({{{"name", "aegisctl"},
                         {"folder", "aegisctl"},
                         {"type", "file"},
                         {"disableDeletion", false},
                         {"updateIntervalSeconds", 30},
                         {"options", {{"path", folder}}}}})}};
}

}  // namespace aegis::monitoring
