#include "monitoring/dashboards.h"

#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "manifest/project_folder.h"
#include "manifest/yaml_text.h"
#include "monitoring/process.h"

namespace aegis::test {
namespace {

const Json k_alerts{{"scrape", {{"node", {{"fsn1", "10.0.0.1:9100"}}}}},
                    {"checks", {{"shop", {{"http", {{"url", "https://x"}}}}}}},
                    {"rules",
                     {{"cpu", {{"above", "80%"}}},
                      {"cpu_worse", {{"when", "cpu"}, {"above", "95%"}}},
                      {"disk", Json::object()},
                      {"certificate_expires", {{"within", "7d"}}}}}};

Json panel_called(const Json& dashboard, const std::string& title) {
  for (const Json& panel : dashboard.at("panels")) {
    if (panel.at("title") == title) return panel;
  }
  FAIL("no panel " << title);
  return {};
}

Json steps_of(const Json& panel) {
  return panel.at("fieldConfig").at("defaults").at("thresholds").at("steps");
}

}  // namespace

TEST_CASE("dashboards have what Grafana's model asks for, and their panels do not overlap") {
  std::set<std::string> uids;
  for (const auto& [file, dashboard] : monitoring::dashboards(k_alerts)) {
    INFO(file);
    CHECK(uids.insert(dashboard.at("uid").get<std::string>()).second);
    CHECK(dashboard.at("uid").get<std::string>().size() <= 40);
    CHECK(dashboard.at("schemaVersion") >= 36);
    CHECK_FALSE(dashboard.at("title").get<std::string>().empty());
    std::set<int> ids;
    std::set<std::pair<int, int>> cells;
    for (const Json& panel : dashboard.at("panels")) {
      CHECK(ids.insert(panel.at("id").get<int>()).second);
      CHECK(panel.at("datasource") == Json{{"type", "prometheus"}, {"uid", "aegisctl"}});
      CHECK(panel.at("targets").at(0).at("refId") == "A");
      CHECK(steps_of(panel).at(0).at("value").is_null());
      const Json& at = panel.at("gridPos");
      const int right = at.at("x").get<int>() + at.at("w").get<int>();
      CHECK(right <= 24);
      for (int x = at.at("x"); x < right; ++x)
        CHECK(cells.insert({x, at.at("y").get<int>()}).second);
    }
  }
  CHECK(uids.size() == 3);
}

TEST_CASE("Prometheus reads what the panels ask") {
  Json rules = Json::array();
  for (const auto& [file, dashboard] : monitoring::dashboards(k_alerts)) {
    for (const Json& panel : dashboard.at("panels")) {
      const std::string expr = panel.at("targets").at(0).at("expr");
      rules.push_back({{"record", "a:b"},
                       {"labels", {{"n", std::to_string(rules.size())}}},
                       {"expr", std::regex_replace(expr, std::regex("\\$system"), ".*")}});
    }
  }
  CHECK(rules.size() >= 14);
  ProjectFolder folder;
  folder.write("rules.yml",
               to_yaml_text({{"groups", Json::array({{{"name", "a"}, {"rules", rules}}})}}));
  const Finished judged = run_in(folder.path(), {"promtool", "check", "rules", "rules.yml"});
  INFO(judged.output);
  CHECK(judged.exit_code == 0);
}

TEST_CASE("a panel shows the threshold from which somebody is told") {
  const auto all = monitoring::dashboards(k_alerts);
  const Json& systems = all.at("systems.json");
  CHECK(steps_of(panel_called(systems, "CPU")).at(1) == Json{{"color", "red"}, {"value", 80.0}});
  CHECK(steps_of(panel_called(systems, "Disks")).at(1).at("value") == 85.0);
  CHECK(steps_of(panel_called(systems, "Memory")).size() == 1);
  CHECK(
      steps_of(panel_called(all.at("checks.json"), "Certificates, days left")) ==
      Json::array({{{"color", "red"}, {"value", nullptr}}, {{"color", "green"}, {"value", 7.0}}}));
}

TEST_CASE("what nothing feeds has no dashboard") {
  const auto all = monitoring::dashboards(Json::object());
  CHECK(all.size() == 1);
  CHECK(all.contains("alerts.json"));
}

}  // namespace aegis::test
