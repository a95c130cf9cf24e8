#include <algorithm>
#include <catch2/catch.hpp>

#include "base/vault.h"
#include "case.h"
#include "fake_kinds.h"
#include "plan/describe.h"
#include "plan/make_plan.h"
#include "plan/plan_json.h"

namespace aegis {
namespace {

using fake::Case;

TEST_CASE("an unchanged manifest plans nothing") {
  const Plan plan = Case()
                        .unchanged("container/a", {{"memory", 512}, {"tags", {"x"}}})
                        .unchanged("stack/app/service/web", {{"image", "nginx"}}, {"container/a"})
                        .plan();
  CHECK_FALSE(plan.has_differences());
  CHECK_FALSE(plan.has_work());
  CHECK(plan.notes.empty());
}

TEST_CASE("what does not exist is created, with all it gets") {
  const Case given = Case().want("container/a", {{"memory", 512}, {"unprivileged", true}});
  const Change change = given.change("container/a");
  CHECK(change.action == Action::create);
  CHECK(change.cause == "not found");
  CHECK(change.disruption == Disruption::none);
  CHECK(change.attributes.size() == 2);
  CHECK(change.where->line == 1);
  CHECK(describe(given.plan()) ==
        "[]  -> #1 container/a create, not found\n"
        "[1] -> #2 container/a start, not found\n");
}

TEST_CASE("what differs is updated, and the change says what it disturbs") {
  const Case given = Case()
                         .want("container/a", {{"memory", 2}, {"features", {{"fuse", true}}}})
                         .there("container/a", {{"memory", 1}});
  const Change change = given.change("container/a");
  CHECK(change.action == Action::update);
  CHECK(change.cause == "features.fuse and memory changed");
  CHECK(change.disruption == Disruption::reboot_container);
  CHECK_FALSE(change.destroys_data);
}

TEST_CASE("a cause names few attributes and counts the others") {
  const Change change = Case()
                            .want("container/a", {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}})
                            .there("container/a", Json::object())
                            .change("container/a");
  CHECK(change.cause == "a, b and 2 more changed");
}

TEST_CASE("what cannot change in place is replaced where no data is lost") {
  const Case given = Case()
                         .want("stack/app/network/front", {{"driver", "ipvlan"}})
                         .there("stack/app/network/front", {{"driver", "bridge"}});
  const Change change = given.change("stack/app/network/front");
  CHECK(change.action == Action::replace);
  CHECK(change.blocked.empty());
  CHECK(change.disruption == Disruption::recreate);
  CHECK(given.plan().steps.size() == 2);
}

TEST_CASE("a replaced container takes along what lives in it, and it is made again") {
  Case given = Case()
                   .want("container/a", {{"unprivileged", true}})
                   .there("container/a", {{"unprivileged", false}})
                   .unchanged("container/other", Json::object(), {"container/a"})
                   .unchanged("stack/app/network/net", Json::object(), {"container/a"})
                   .unchanged("stack/app/service/web", {{"image", "x"}}, {"stack/app/network/net"});
  given.options.replaces = {"container/a"};
  const Plan plan = given.plan();
  CHECK(plan.changes.size() == 3);
  CHECK(given.change("stack/app/network/net").action == Action::create);
  CHECK(given.change("stack/app/network/net").cause == "container/a is replaced");
  CHECK(given.change("stack/app/service/web").action == Action::create);
  CHECK(fake::comes_after(plan, "stack/app/service/web", "pull", "container/a", "start"));
}

TEST_CASE("a replaced volume takes its service along, and nothing that needs the service") {
  Case given = Case()
                   .unchanged("stack/app/volume/data", {{"driver", "local"}})
                   .unchanged("stack/app/service/db", {{"image", "x"}}, {"stack/app/volume/data"})
                   .unchanged("stack/app/service/web", {{"image", "x"}}, {"stack/app/service/db"});
  given.options.replaces = {"stack/app/volume/data"};
  const Plan plan = given.plan();
  CHECK(plan.changes.size() == 2);
  CHECK(given.change("stack/app/service/db").action == Action::create);
  CHECK(given.change("stack/app/service/db").cause == "stack/app/volume/data is replaced");
  CHECK(fake::comes_after(plan, "stack/app/volume/data", "wipe", "stack/app/service/db", "pull"));
  CHECK(fake::comes_after(plan, "stack/app/service/db", "run", "stack/app/volume/data", "create"));
}

TEST_CASE("a volume is not replaced under a service that is left out") {
  Case given = Case()
                   .unchanged("stack/app/volume/data", {{"driver", "local"}})
                   .unchanged("stack/app/service/db", {{"image", "x"}}, {"stack/app/volume/data"});
  given.options.replaces = {"stack/app/volume/data"};
  given.options.excludes = {"stack/app/service/db"};
  CHECK(given.change("stack/app/volume/data").blocked ==
        "stack/app/service/db uses it and would go with it, but is left out of this plan. "
        "Plan it too.");
  CHECK(given.plan().steps.empty());
}

TEST_CASE("an observation's note reaches the plan once, however many resources report it") {
  Case given = Case().unchanged("container/a", {}).unchanged("container/b", {});
  const Diagnostic note{Severity::warning, "Storage is nearly full", "local: 95%.", {}, {}};
  for (auto& [address, live] : given.world.objects) live.notes = {note};
  CHECK(given.plan().notes == Diagnostics{note});
}

TEST_CASE(
    "a kind that nobody knows and a scope that nobody declares are errors, the rest goes on") {
  Case given = Case().want("gadget/a", {}).want("container/b", {}).want("container/c", {});
  given.desired.resources.at(fake::at("container/c")).scope = "server/nowhere";
  const Plan plan = given.plan();
  CHECK(plan.notes.size() == 2);
  CHECK(has_errors(plan.notes));
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].address.name == "b");
}

Case busy_case(Vault& vault) {
  Case given = Case()
                   .want("container/a", {{"features", {{"fuse", true}}}, {"tags", {"x", "y"}}})
                   .there("container/a", {{"tags", {"y", "x"}}})
                   .want("stack/app/network/net", Json::object(), {"container/a"})
                   .want("stack/app/service/db", {{"image", "pg:2"}}, {"stack/app/network/net"})
                   .there("stack/app/service/db", {{"image", "pg:1"}})
                   .want("stack/app/service/web",
                         {{"image", "w"}, {"environment", {{"TOKEN", vault.seal("hush")}}}},
                         {"stack/app/service/db"})
                   .there("stack/app/volume/old", Json::object())
                   .there("stack/app/service/old", Json::object());
  given.options.prune = true;
  return given;
}

TEST_CASE("the same input gives the same bytes, in whatever order it was put together") {
  Vault vault;
  const Case given = busy_case(vault);
  const std::string bytes = dump_json(to_json(given.plan()));
  CHECK(dump_json(to_json(given.plan())) == bytes);

  // The same values, inserted the other way round.
  Case shuffled;
  shuffled.options = given.options;
  shuffled.desired.scopes = given.desired.scopes;
  for (auto it = given.desired.resources.rbegin(); it != given.desired.resources.rend(); ++it) {
    Resource resource = it->second;
    std::reverse(resource.depends_on.begin(), resource.depends_on.end());
    shuffled.desired.resources.emplace(it->first, std::move(resource));
  }
  for (auto it = given.world.objects.rbegin(); it != given.world.objects.rend(); ++it) {
    shuffled.world.objects.emplace(it->first, it->second);
  }
  CHECK(dump_json(to_json(shuffled.plan())) == bytes);
}

TEST_CASE("the steps of a busy plan, line by line") {
  Vault vault;
  CHECK(describe(busy_case(vault).plan()) ==
        "[]         -> #1 container/a configure, features.fuse changed\n"
        "[1]        -> #2 container/a reboot, features.fuse changed\n"
        "[2]        -> #3 stack/app/network/net create, not found\n"
        "[3]        -> #4 stack/app/service/db pull, image changed\n"
        "[3]        -> #5 stack/app/service/web pull, not found\n"
        "[2,4,5]    -> #6 stack/app/service/old stop, no longer in the manifests\n"
        "[6]        -> #7 stack/app/service/old remove, no longer in the manifests\n"
        "[3,4,7]    -> #8 stack/app/service/db stop, image changed\n"
        "[8]        -> #9 stack/app/service/db run, image changed\n"
        "[5,7,9]    -> #10 stack/app/service/web run, not found\n"
        "[2,7,9,10] -> #11 stack/app/volume/old wipe, no longer in the manifests, destroys data\n");
}

TEST_CASE("ids ascend in an order that respects what each step comes after") {
  Vault vault;
  const Plan plan = busy_case(vault).plan();
  StepId expected = 0;
  for (const Step& step : plan.steps) {
    CHECK(step.id == ++expected);
    CHECK(std::is_sorted(step.after.begin(), step.after.end()));
    for (const StepId before : step.after) CHECK(before < step.id);
  }
}

}  // namespace
}  // namespace aegis
