#include "monitoring/rules.h"

#include <catch2/catch.hpp>

#include "manifest/project_folder.h"
#include "manifest/yaml_text.h"
#include "monitoring/process.h"
#include "monitoring/rule_words.h"

namespace aegis::test {
namespace {

using monitoring::RuleWord;

struct Series {
  std::string name;
  std::string bad;   ///< values, one a minute, that make the rule fire
  std::string good;  ///< values that do not
};

/// What each word looks at, by the word; two hours of it.
const std::map<std::string, std::vector<Series>> k_series{
    {"backup_overdue",
     {{R"(aegisctl_backup_newest_seconds{resource="container/a"})", "0x120", "0+60x120"},
      {R"(aegisctl_backup_rpo_seconds{resource="container/a"})", "60x120", "60x120"}}},
    {"certificate_expires",
     {{R"(probe_ssl_earliest_cert_expiry{check="shop"})", "1000000x120", "1300000x120"}}},
    {"channel_stuck",
     {{R"(aegisctl_relay_oldest_seconds{channel="phone"})", "0+60x120", "30x120"}}},
    {"check_stale", {{R"(check_valid_until_seconds{check="db"})", "30x120", "90000x120"}}},
    {"container_restarting", {{R"(container_start_time_seconds{name="web"})", "0+1x120", "7x120"}}},
    {"cpu", {{R"(node_cpu_seconds_total{instance="a",mode="idle"})", "0+3x120", "0+9x120"}}},
    {"disk",
     {{R"(node_filesystem_avail_bytes{fstype="ext4",mountpoint="/"})", "14x120", "16x120"},
      {R"(node_filesystem_size_bytes{fstype="ext4",mountpoint="/"})", "100x120", "100x120"},
      {R"(node_filesystem_readonly{fstype="ext4",mountpoint="/"})", "0x120", "0x120"}}},
    {"io_wait", {{R"(node_cpu_seconds_total{instance="a",mode="iowait"})", "0+15x120", "0+9x120"}}},
    {"memory",
     {{"node_memory_MemAvailable_bytes", "4x120", "6x120"},
      {"node_memory_MemTotal_bytes", "100x120", "100x120"}}},
    {"network_errors",
     {{R"(node_network_receive_errs_total{device="eth0"})", "0+3x120", "0+1x120"},
      {R"(node_network_receive_drop_total{device="eth0"})", "0x120", "0x120"},
      {R"(node_network_transmit_errs_total{device="eth0"})", "0x120", "0x120"},
      {R"(node_network_transmit_drop_total{device="eth0"})", "0x120", "0x120"},
      {R"(node_network_receive_packets_total{device="eth0"})", "0+100x120", "0+100x120"},
      {R"(node_network_transmit_packets_total{device="eth0"})", "0+100x120", "0+100x120"}}},
    {"outage",
     {{R"(probe_success{check="a"})", "0x120", "0x120"},
      {R"(probe_success{check="b"})", "0x120", "1x120"},
      {R"(probe_success{check="c"})", "1x120", "1x120"}}},
    {"packet_loss", {{R"(probe_success{type="icmp"})", "0 1x119", "1x120"}}},
    {"security_updates",
     {{R"(apt_upgrades_pending{instance="a",origin="Debian-Security:12/stable"})",
       "3x120",
       "0x120"}}},
    {"service_down", {{R"(probe_success{check="shop"})", "0x120", "1x120"}}},
    {"target_down", {{R"(up{job="node"})", "0x120", "1x120"}}},
    {"unit_failed", {{R"(node_systemd_unit_state{state="failed"})", "1x120", "0x120"}}},
};

Json query(const std::string& alert, const char* at, bool firing) {
  // How many of its alerts fire, which does not ask for each of their labels.
  const std::string expr =
      "count(ALERTS{alertname=\"" + alert + "\",alertstate=\"firing\"}) or vector(0)";
  return {{"expr", expr},
          {"eval_time", at},
          {"exp_samples", Json::array({{{"labels", "{}"}, {"value", firing ? 1 : 0}}})}};
}

Json story(const RuleWord& word, bool bad) {
  Json series = Json::array();
  for (const Series& one : k_series.at(std::string(word.word))) {
    series.push_back({{"series", one.name}, {"values", bad ? one.bad : one.good}});
  }
  // A lost ping counts as long as it is within the last 15 minutes.
  const char* late = word.word == "packet_loss" ? "10m" : "2h";
  Json queries = Json::array({query(std::string(word.alert), late, bad)});
  if (bad && word.duration != "0s") queries.push_back(query(std::string(word.alert), "1m", false));
  return {{"interval", "1m"}, {"input_series", series}, {"promql_expr_test", queries}};
}

}  // namespace

TEST_CASE(
    "each word of a rule fires after its time when it is bad, not before, and never when it is "
    "good") {
  for (const RuleWord& word : monitoring::rule_words()) {
    INFO(word.word);
    ProjectFolder folder;
    Json rule = Json::object();
    if (word.duration == "1d") rule["for"] = "1h";
    const Json alerts{{"rules", {{std::string(word.word), rule}}}};
    for (const auto& [name, document] : monitoring::rule_files(alerts)) {
      folder.write("rules.yml", to_yaml_text(document));
    }
    folder.write("test.yml",
                 to_yaml_text({{"rule_files", Json::array({"rules.yml"})},
                               {"evaluation_interval", "1m"},
                               {"tests", {story(word, true), story(word, false)}}}));
    const Finished judged = run_in(folder.path(), {"promtool", "test", "rules", "test.yml"});
    INFO(slurp(folder.path() / "rules.yml"));
    INFO(judged.output);
    CHECK(judged.exit_code == 0);
  }
}

TEST_CASE("a threshold is read only as its rule writes it") {
  using monitoring::Measure;
  using monitoring::read_threshold;
  CHECK(read_threshold("90.5%", Measure::percent) == 90.5);
  CHECK(read_threshold(90, Measure::percent) == std::nullopt);
  CHECK(read_threshold(3, Measure::count) == 3);
  CHECK(read_threshold("3%", Measure::count) == std::nullopt);
  CHECK(read_threshold("36h", Measure::age) == 1.5);
  CHECK(read_threshold("soon", Measure::age) == std::nullopt);
  CHECK(read_threshold(1, Measure::none) == std::nullopt);
}

TEST_CASE("the table of words is sorted, and each is proven above") {
  std::string last;
  for (const RuleWord& word : monitoring::rule_words()) {
    CHECK(last < word.word);
    CHECK(k_series.contains(std::string(word.word)));
    last = word.word;
  }
}

}  // namespace aegis::test
