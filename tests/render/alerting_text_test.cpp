#include "render/alerting_text.h"

#include <catch2/catch.hpp>

using namespace aegis;
using Catch::Contains;

namespace {

AlertTest sent() {
  AlertTest test;
  test.on = "container/monitor";
  test.version = "0.25.0";
  test.alert = "AegisctlTest-x";
  test.severity = "warning";
  test.deliveries = {{"discord", {"ops"}, {3, 1}, {4, 1}}};
  return test;
}

}  // namespace

TEST_CASE("a test alert that arrived is told hop by hop") {
  CHECK(render_text(sent(), {}) ==
        "AegisctlTest-x on container/monitor\n"
        "  alertmanager   0.25.0 took it\n"
        "  discord        ops: sent\n"
        "The alert, of severity warning, was sent to every channel.\n");
  CHECK(to_json(sent()).at("arrived") == true);
}

TEST_CASE("what went wrong with a test alert is told, with where to look") {
  AlertTest test = sent();
  test.deliveries.front().after = {6, 4};
  CHECK_THAT(render_text(test, {}),
             Contains("  discord        ops: 3 attempts failed\n") &&
                 Contains("On container/monitor, `journalctl -u prometheus-alertmanager`"));
  CHECK(to_json(test).at("deliveries").at(0).at("failed") == 3);
  test.missing = {"phone"};
  CHECK_THAT(render_text(test, {}), Contains("does not go to phone") && Contains("apply them"));
  test.missing.clear();
  test.held = "silenced";
  CHECK_THAT(render_text(test, {}), Contains("it is silenced") && Contains("alerts silences"));
}

TEST_CASE("what a channel was not sent is no failure of an attempt") {
  AlertTest test = sent();
  test.deliveries.front().after = test.deliveries.front().before;
  CHECK_THAT(render_text(test, {}), Contains("ops: nothing was sent in time"));
}

TEST_CASE("silences are listed with what they match, and cannot move the cursor") {
  Silence silence{"id1",
                  {{"resource", "container/web", false, true}},
                  "2026-01-31T02:30:00Z",
                  "2026-01-31T04:30:00Z",
                  "me@here",
                  "work\x1b[2J"};
  CHECK(render_text(std::vector{silence}, {}) ==
        "resource=\"container/web\"\n"
        "  until 2026-01-31T04:30:00Z, by me@here: work\\x1b[2J\n"
        "  id1\n");
  CHECK(render_text(std::vector<Silence>{}, {}) == "Nothing is silenced.\n");
  CHECK(to_json(std::vector{silence}).at("silences").at(0).at("id") == "id1");
}
