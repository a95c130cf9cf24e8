#include "engine/checks.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace aegis;
using std::chrono::seconds;

namespace {

constexpr seconds k_now{1'000'000};

Alerting alerting() {
  Alerting alerting;
  alerting.on = "container/monitor";
  alerting.prober = "blackbox/container/monitor";
  alerting.shell = "guest/fsn1/104";
  alerting.checks = {
      {"db", "postgres", "stack/core", "", ""},
      {"ping", "icmp", "", "icmp", "203.0.113.1"},
      {"shop", "http", "container/web", "http_2xx", "https://shop.example.com/?a=b c"}};
  return alerting;
}

/// Answers by what their query's path contains; what is not among them failed.
Replies replies(const std::vector<std::pair<std::string, std::string>>& answers) {
  Replies replies;
  for (const Query& query : check_queries(alerting())) {
    Reply reply;
    reply.error = Error{ErrorCode::unreachable, "nothing listens"};
    for (const auto& [part, text] : answers) {
      if (query.path.find(part) == std::string::npos) continue;
      reply.error.reset();
      reply.status = 200;
      reply.text = text;
      if (query.type == Query::Type::facts) reply.body = {{"out", text}, {"exit_status", 0}};
    }
    replies[query] = reply;
  }
  return replies;
}

struct Seen {
  std::vector<CheckStatus> checks;
  std::vector<StatusGap> gaps;
};

Seen look(const std::vector<std::pair<std::string, std::string>>& answers) {
  Seen seen;
  seen.checks = read_checks(alerting(), replies(answers), TimePoint(k_now), seen.gaps);
  return seen;
}

}  // namespace

TEST_CASE("the exporter is asked for each of its checks, and the programs' results are read once") {
  const auto queries = check_queries(alerting());
  REQUIRE(queries.size() == 3);
  CHECK(queries[0].path == "/probe?module=icmp&target=203.0.113.1");
  CHECK(queries[1].path ==
        "/probe?module=http_2xx&target=https%3A%2F%2Fshop.example.com%2F%3Fa%3Db%20c");
  CHECK(queries[1].target == "blackbox/container/monitor");
  CHECK(queries[2].type == Query::Type::facts);
  CHECK(queries[2].target == "guest/fsn1/104");
}

TEST_CASE("a check tells whether it passed, how long it took, and when the certificate expires") {
  const Seen seen =
      look({{"aegisctl_check_",
             "probe_success{check=\"db\",type=\"postgres\",resource=\"stack/core\"} 1\n"
             "probe_duration_seconds{check=\"db\",type=\"postgres\"} 0.031\n"
             "check_valid_until_seconds{check=\"db\",type=\"postgres\"} 1000060\n"
             "probe_success{check=\"db2\",type=\"postgres\"} 0\n"},
            {"module=icmp", "# HELP probe_success x\nprobe_success 0\n"},
            {"module=http",
             "probe_duration_seconds 1.25\nprobe_ssl_earliest_cert_expiry "
             "1.0864e+06\nprobe_success 1\n"}});
  CHECK(seen.gaps.empty());
  REQUIRE(seen.checks.size() == 3);
  CHECK(seen.checks[0].state == "passed");
  CHECK(seen.checks[0].subject == "stack/core");
  CHECK(seen.checks[0].took == std::chrono::milliseconds(31));
  CHECK(seen.checks[1].state == "failed");
  CHECK(seen.checks[1].subject == "203.0.113.1");
  CHECK_FALSE(seen.checks[1].is_well);
  CHECK(seen.checks[2].took == std::chrono::milliseconds(1250));
  CHECK(seen.checks[2].certificate == seconds(86'400));
}

TEST_CASE("a program that left no result, or an old one, is not well") {
  const Seen never = look({{"aegisctl_check_", ""}, {"module=", "probe_success 1\n"}});
  CHECK(never.checks[0].state == "unknown");
  CHECK_FALSE(never.checks[0].is_well);
  CHECK(never.checks[1].is_well);
  const Seen old = look({{"aegisctl_check_",
                          "probe_success{check=\"db\",type=\"postgres\"} 1\n"
                          "check_valid_until_seconds{check=\"db\",type=\"postgres\"} 999999\n"},
                         {"module=", "probe_success 1\n"}});
  CHECK(old.checks[0].state == "overdue");
  CHECK_FALSE(old.checks[0].is_well);
}

TEST_CASE("an exporter that does not answer is one gap, and its checks are unknown") {
  const Seen seen = look({{"aegisctl_check_", ""}});
  REQUIRE(seen.gaps.size() == 1);
  CHECK(seen.gaps.front().scope == "blackbox/container/monitor");
  CHECK(seen.checks[1].state == "unknown");
  CHECK(seen.checks[1].is_well);
}
