#include <array>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "case.h"
#include "fake_kinds.h"
#include "plan/preparation.h"

namespace aegis {
namespace {

using fake::Case;
using fake::comes_after;

TEST_CASE("steps come after those of what the resource depends on, through unchanged ones too") {
  const Plan plan = Case()
                        .want("container/base", {})
                        .unchanged("container/middle", {}, {"container/base"})
                        .want("container/top", {}, {"container/middle"})
                        .plan();
  CHECK(comes_after(plan, "container/top", "create", "container/base", "start"));
}

TEST_CASE("everything is pulled before the first service is stopped") {
  const Plan plan = Case()
                        .want("stack/app/service/db", {{"image", "2"}})
                        .there("stack/app/service/db", {{"image", "1"}})
                        .want("stack/app/service/web", {{"image", "2"}}, {"stack/app/service/db"})
                        .there("stack/app/service/web", {{"image", "1"}})
                        .want("stack/other/service/new", {{"image", "1"}})
                        .plan();
  for (const char* address :
       {"stack/app/service/db", "stack/app/service/web", "stack/other/service/new"}) {
    CHECK(comes_after(plan, "stack/app/service/db", "stop", address, "pull"));
    CHECK(comes_after(plan, "stack/app/service/web", "stop", address, "pull"));
  }
  CHECK(comes_after(plan, "stack/app/service/web", "stop", "stack/app/service/db", "run"));
  CHECK_FALSE(comes_after(plan, "stack/other/service/new", "run", "stack/app/service/db", "pull"));
}

TEST_CASE("a pull waits for the container that it happens in") {
  const Plan plan = Case()
                        .want("container/a", {})
                        .want("stack/app/service/web", {{"image", "1"}}, {"container/a"})
                        .plan();
  CHECK(comes_after(plan, "stack/app/service/web", "pull", "container/a", "start"));
}

TEST_CASE("two reboots with pulls behind them do not wait for each other") {
  const Json reboots{{"features", {{"fuse", true}}}};
  const Plan plan = Case()
                        .want("container/a", reboots)
                        .there("container/a", {})
                        .want("container/b", reboots)
                        .there("container/b", {})
                        .want("stack/a/service/web", {{"image", "2"}}, {"container/a"})
                        .there("stack/a/service/web", {{"image", "1"}})
                        .want("stack/b/service/web", {{"image", "2"}}, {"container/b"})
                        .there("stack/b/service/web", {{"image", "1"}})
                        .plan();
  CHECK(plan.steps.size() == 10);
  CHECK_FALSE(comes_after(plan, "container/a", "reboot", "container/b", "reboot"));
  CHECK_FALSE(comes_after(plan, "container/b", "reboot", "container/a", "reboot"));
  for (const char* stack : {"stack/a/service/web", "stack/b/service/web"}) {
    CHECK(comes_after(plan, stack, "stop", "stack/a/service/web", "pull"));
    CHECK(comes_after(plan, stack, "stop", "stack/b/service/web", "pull"));
  }
}

TEST_CASE("an orphaned network goes after everything of its stack that could use it") {
  Case given = Case()
                   .there("stack/app/network/old", {})
                   .there("stack/app/service/old", {})
                   .want("stack/app/service/web", {{"image", "2"}})
                   .there("stack/app/service/web", {{"image", "1"}});
  given.options.prune = true;
  const Plan plan = given.plan();
  CHECK(comes_after(plan, "stack/app/network/old", "remove", "stack/app/service/old", "remove"));
  CHECK(comes_after(plan, "stack/app/network/old", "remove", "stack/app/service/web", "run"));
}

TEST_CASE("an orphaned service gives its ports back before its successor starts") {
  Case given =
      Case().there("stack/app/service/old", {}).want("stack/app/service/new", {{"image", "1"}});
  given.options.prune = true;
  const Plan plan = given.plan();
  CHECK(comes_after(plan, "stack/app/service/new", "run", "stack/app/service/old", "remove"));
  CHECK(comes_after(plan, "stack/app/service/old", "stop", "stack/app/service/new", "pull"));
}

TEST_CASE("a blocked change makes no steps, and those that do not need it are made") {
  const Plan plan = Case()
                        .want("container/a", {{"disk", 1}})
                        .there("container/a", {{"disk", 2}})
                        .want("container/b", {}, {"container/a"})
                        .plan();
  CHECK(plan.changes.size() == 2);
  for (const Step& step : plan.steps) CHECK(step.address.name == "b");
  CHECK(plan.steps.size() == 2);
}

std::vector<Step> lower_to_nonsense(const Lowering&) {
  Step step;
  step.id = 1;
  step.after = {2};
  return {step};
}

TEST_CASE("a kind that lowers to impossible steps is a bug, and never hangs") {
  const std::vector<Kind> real(fake::kinds().begin(), fake::kinds().end());
  std::vector<Kind> broken = real;
  broken[0].lower = lower_to_nonsense;
  const Case given = Case().want("container/a", {});
  CHECK_THROWS_AS(make_plan(given.desired, given.world, broken, {}), std::logic_error);
  CHECK_THROWS_AS(sorted_steps({{1}, {0}}), std::logic_error);
}

}  // namespace
}  // namespace aegis
