#include <catch2/catch.hpp>

#include "case.h"
#include "plan/plan_json.h"
#include "plan/windows.h"

namespace aegis {
namespace {

using fake::Case;

const Window k_sundays{"sundays", {"Sun 02:00 UTC"}, std::chrono::hours(2)};
const auto k_sunday = std::chrono::sys_days(std::chrono::year(2026) / 12 / 6);

Json gate(const Window& window, const char* from = "reboot container") {
  Json json = to_json(window);
  json["from"] = from;
  return json;
}

// A container that has to restart, one that changes while it runs, and a service in the first.
Case waiting_case() {
  Case given = Case()
                   .want("container/a", {{"features", {{"nesting", true}}}})
                   .there("container/a", {{"features", {{"nesting", false}}}})
                   .want("container/b", {{"memory", 2}})
                   .there("container/b", {{"memory", 1}})
                   .want("stack/app/service/web", {{"image", "2"}}, {"container/a"})
                   .there("stack/app/service/web", {{"image", "1"}});
  given.desired.scopes.at("server/s1").settings["window"] = gate(k_sundays);
  return given;
}

}  // namespace

TEST_CASE("what disturbs enough is in its window, and so is what depends on it") {
  Case given = waiting_case();
  CHECK(given.change("container/a").window == k_sundays);
  CHECK(given.change("stack/app/service/web").window == k_sundays);
  CHECK_FALSE(given.change("container/b").window);
  CHECK(given.change("container/a").blocked.empty());
  CHECK(closed_windows(given.plan(), k_sunday) == std::vector{k_sundays});
  CHECK(closed_windows(given.plan(), k_sunday + std::chrono::hours(3)).empty());
}

TEST_CASE("while its window is closed it is held back with what depends on it; the rest is made") {
  Case given = waiting_case();
  given.options.closed = {k_sundays};
  CHECK(given.change("container/a").blocked ==
        "It waits for the window sundays (Sun 02:00 UTC for 2h). To make it at once: --now.");
  CHECK(given.change("stack/app/service/web").blocked ==
        "It needs container/a, which waits for the window sundays.");
  const Plan plan = given.plan();
  REQUIRE_FALSE(plan.steps.empty());
  for (const Step& step : plan.steps) CHECK(to_string(step.address) == "container/b");
}

TEST_CASE("an unchanged thing between them does not let a dependent go ahead") {
  Case given =
      waiting_case()
          .unchanged("stack/app/volume/data", {{"driver", "local"}}, {"stack/app/service/web"})
          .want("stack/app/service/last", {{"image", "2"}}, {"stack/app/volume/data"})
          .there("stack/app/service/last", {{"image", "1"}});
  given.options.closed = {k_sundays};
  CHECK(given.change("stack/app/service/last").blocked ==
        "It needs container/a, which waits for the window sundays.");
}

TEST_CASE("--now waits for nothing, and neither does what is named to be destroyed") {
  Case given = waiting_case();
  given.options.closed = {k_sundays};
  given.options.now = true;
  CHECK_FALSE(given.change("container/a").window);
  CHECK(given.change("container/a").blocked.empty());
  given.options.now = false;
  given.options.destroys = {"container/a"};
  CHECK(given.change("container/a").blocked.empty());
}

TEST_CASE("a guest's own window counts before its server's, and `from` says what waits") {
  const Window nightly{"nightly", {"03:00 UTC"}, std::chrono::hours(1)};
  Case given = waiting_case();
  auto& settings = given.desired.scopes.at("server/s1").settings;
  settings["windows"]["container/a"] = gate(nightly);
  CHECK(given.change("container/a").window == nightly);
  settings["windows"]["container/a"] = gate(nightly, "recreate");
  CHECK_FALSE(given.change("container/a").window);
}

TEST_CASE("a change that is made while its need's window is open waits for its own closed one") {
  const Window nightly{"nightly", {"03:00 UTC"}, std::chrono::hours(1)};
  Case given = waiting_case();
  given.desired.scopes.at("stack/app").settings["window"] = gate(nightly, "restart service");
  given.options.closed = {nightly};
  CHECK(given.change("container/a").blocked.empty());
  CHECK(given.change("stack/app/service/web").window == nightly);
  CHECK_FALSE(given.change("stack/app/service/web").blocked.empty());
}

TEST_CASE("what is made anew waits for nothing; what is pruned waits") {
  Case given = Case().want("container/a", {{"memory", 1}}).there("container/old", {{"memory", 1}});
  given.desired.scopes.at("server/s1").settings["window"] = gate(k_sundays);
  given.options.closed = {k_sundays};
  CHECK_FALSE(given.change("container/a").window);
  CHECK_FALSE(given.change("container/old").window);  // it is not asked for
  given.options.prune = true;
  CHECK(given.change("container/old").window == k_sundays);
  CHECK_FALSE(given.change("container/old").blocked.empty());
}

TEST_CASE("a plan with windows is written without a clock and read back the same") {
  const Plan plan = waiting_case().plan();
  const auto again = parse_plan(to_json(plan));
  REQUIRE(again);
  CHECK(to_json(*again) == to_json(plan));
  CHECK(to_json(plan).at("changes").at(0).at("window") == to_json(k_sundays));
}

}  // namespace aegis
