#include "engine/test_alert.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "engine/alertmanager.h"
#include "support/fake_clock.h"
#include "support/scripted_http.h"

using namespace aegis;

namespace {

Alerting declared() {
  Alerting alerting;
  alerting.on = "container/monitor";
  alerting.endpoint = "am";
  alerting.channels = {
      {"ops", "discord"}, {"phone", "telegram"}, {"log", "webhook"}, {"all", "webhook"}};
  alerting.routes = {
      {"critical", {"ops", "phone"}}, {"warning", {"ops", "log"}}, {"info", {"log", "all"}}};
  alerting.quiet = {"info"};
  alerting.grouping = {"alertname", "resource"};
  return alerting;
}

std::string metrics(int attempts, int failures) {
  std::string text = "# HELP alertmanager_notification_requests_total …\n";
  for (const char* integration : {"discord", "telegram", "webhook"}) {
    text += fmt::format(
        "alertmanager_notification_requests_failed_total{{integration=\"{0}\"}} {2}\n"
        "alertmanager_notification_requests_total{{integration=\"{0}\"}} {1}\n",
        integration,
        attempts,
        failures);
  }
  return text;
}

/// An Alertmanager that has sent ten times to each integration, and then, with the alert,
/// `attempts` and `failures` more.
struct Told {
  Told(std::vector<std::string> receivers,
       int attempts,
       int failures,
       Json status = Json::object()) {
    http.on("GET am/api/v2/status", 200, R"({"versionInfo":{"version":"0.25.0"}})");
    http.on("GET am/metrics", [this, attempts, failures](const HttpRequest&) {
      return HttpResponse{
          200, {}, {}, posted.is_null() ? metrics(10, 1) : metrics(10 + attempts, 1 + failures)};
    });
    http.on("POST am/api/v2/alerts", [this](const HttpRequest& request) {
      posted = parse_json(request.body).value().at(0);
      return HttpResponse{200, {}, {}, {}};
    });
    Json names = Json::array();
    for (const std::string& receiver : receivers) names.push_back({{"name", receiver}});
    const Json alert{{"receivers", names}, {"status", std::move(status)}};
    http.on("GET am/api/v2/alerts?filter=alertname%3D%22AegisctlTest-r1%22",
            200,
            dump_json(Json::array({alert})));
  }

  AlertTest test(const std::string& channel) {
    return test_alerts(declared(), {channel, "r1", "me@here"}, http, clock).value();
  }

  ScriptedHttp http;
  FakeClock clock;
  Json posted;
};

}  // namespace

TEST_CASE("a channel is reached by its mildest severity, and rather by one without quiet hours") {
  const Alerting alerting = declared();
  CHECK(severity_to_reach(alerting, "ops") == "warning");
  CHECK(severity_to_reach(alerting, "phone") == "critical");
  CHECK(severity_to_reach(alerting, "log") == "warning");
  CHECK(severity_to_reach(alerting, "all") == "info");
  CHECK_FALSE(severity_to_reach(alerting, "nobody"));
}

TEST_CASE("a test alert that every channel was sent has arrived, and it says what it is") {
  Told told({"ops", "phone"}, 1, 0);
  const AlertTest test = told.test("");
  CHECK(test.arrived());
  CHECK(test.version == "0.25.0");
  CHECK(test.deliveries.size() == 2);
  const Json& labels = told.posted.at("labels");
  CHECK(labels.at("alertname") == "AegisctlTest-r1");
  CHECK(labels.at("severity") == "critical");
  // No group that was told of something already takes it in.
  CHECK(labels.at("resource") == "AegisctlTest-r1");
  CHECK(told.posted.at("endsAt") == "2026-01-31T02:35:00.000Z");
  CHECK(told.posted.at("annotations").at("summary").get<std::string>().find("me@here") !=
        std::string::npos);
}

TEST_CASE("an attempt that fails, and is not made good within seconds, ends the test") {
  Told told({"ops", "log"}, 2, 2);
  const AlertTest test = told.test("ops");
  CHECK_FALSE(test.arrived());
  CHECK(test.severity == "warning");
  CHECK(test.deliveries.front().failed() == 2);
  CHECK(test.deliveries.front().sent() == 0);
  CHECK(told.clock.passed() < std::chrono::seconds(15));
}

TEST_CASE("what is not sent at all is waited for as long as was said") {
  Told told({"ops", "log"}, 0, 0);
  CHECK_FALSE(told.test("ops").arrived());
  CHECK(told.clock.passed() >= std::chrono::seconds(60));
}

TEST_CASE("two channels of one integration want two notifications") {
  Told told({"log", "all"}, 1, 0);
  const AlertTest test = told.test("all");
  CHECK_FALSE(test.arrived());
  CHECK(test.deliveries.front().channels.size() == 2);
}

TEST_CASE("routes that are not those of the manifests are told") {
  Told told({"phone", "stranger"}, 1, 0);
  const AlertTest test = told.test("ops");
  CHECK_FALSE(test.arrived());
  CHECK(test.missing == std::vector<std::string>{"ops"});
  CHECK(test.undeclared == std::vector<std::string>{"stranger"});
}

TEST_CASE("a silenced test alert is not waited for") {
  Told told({"ops", "phone"}, 0, 0, {{"silencedBy", {"id"}}});
  const AlertTest test = told.test("");
  CHECK(test.held == "silenced");
  CHECK_FALSE(test.arrived());
  CHECK(told.clock.passed() == std::chrono::milliseconds(0));
}

TEST_CASE("what Alertmanager says when it refuses is kept") {
  ScriptedHttp http;
  FakeClock clock;
  http.on("GET am/api/v2/status", 502, "Bad Gateway\n");
  const auto test = test_alerts(declared(), {"", "r1", "me"}, http, clock);
  REQUIRE_FALSE(test);
  CHECK(test.error().message == "Alertmanager says 502: Bad Gateway");
}
