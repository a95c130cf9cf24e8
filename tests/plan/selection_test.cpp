#include <catch2/catch.hpp>

#include "case.h"

namespace aegis {
namespace {

using fake::Case;

std::vector<std::string> changed(const Case& given) {
  std::vector<std::string> names;
  for (const Change& change : given.plan().changes) names.push_back(change.address.name);
  return names;
}

using Names = std::vector<std::string>;

Case tower() {
  return Case()
      .want("container/base", {})
      .want("container/middle", {}, {"container/base"})
      .want("container/top", {}, {"container/middle"})
      .want("container/zoo", {});
}

TEST_CASE("a target brings what it needs and nothing else") {
  Case given = tower();
  given.options.targets = {"container/middle"};
  CHECK(changed(given) == Names{"base", "middle"});
}

TEST_CASE("an exclusion takes what needs it along, and says so") {
  Case given = tower();
  given.options.excludes = {"container/middle"};
  CHECK(changed(given) == Names{"base", "zoo"});
  const auto notes = given.plan().notes;
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].severity == Severity::warning);
  CHECK(notes[0].detail.find("container/top is left out") == 0);
}

TEST_CASE("an exclusion beats a target") {
  Case given = tower();
  given.options.targets = {"container/top"};
  given.options.excludes = {"container/base"};
  CHECK(changed(given).empty());
}

TEST_CASE("a pattern that covers nothing is an error with a guess, and nothing is planned") {
  Case given = tower();
  SECTION("target") {
    given.options.targets = {"container/midle"};
  }
  SECTION("exclude") {
    given.options.excludes = {"container/midle"};
  }
  SECTION("replace") {
    given.options.replaces = {"container/midle"};
  }
  SECTION("adopt") {
    given.options.adopts = {"container/midle"};
  }
  SECTION("destroy") {
    given.options.destroys = {"container/midle"};
  }
  const Plan plan = given.plan();
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes[0].severity == Severity::error);
  CHECK(plan.notes[0].detail.find("Did you mean container/middle?") != std::string::npos);
  CHECK(plan.changes.empty());
}

TEST_CASE("a whole section may be named even when it is empty") {
  Case given = tower();
  given.options.destroys = {"container", "stack"};
  CHECK_FALSE(has_errors(given.plan().notes));
}

TEST_CASE("destroying takes what needs it first, and touches nothing else") {
  Case given = Case()
                   .unchanged("container/base", {})
                   .unchanged("container/middle", {}, {"container/base"})
                   .unchanged("container/top", {}, {"container/middle"})
                   .there("container/orphan", {})
                   .want("container/new", {});
  given.options.destroys = {"container/middle"};
  const Plan plan = given.plan();
  CHECK(changed(given) == Names{"middle", "top"});
  CHECK(given.change("container/top").cause == "needs something that is to be destroyed");
  CHECK(fake::comes_after(plan, "container/middle", "stop", "container/top", "wipe"));
}

TEST_CASE("what is needed by something that stays is not destroyed") {
  Case given = Case()
                   .unchanged("container/base", {})
                   .want("container/top", {}, {"container/base"})
                   .there("container/top", {}, false);
  given.options.destroys = {"container/base"};
  CHECK(given.change("container/base").blocked == "container/top needs it and is not removed.");
  CHECK(given.plan().steps.empty());

  given.options.excludes = {"container/top"};
  CHECK(changed(given).empty());
}

TEST_CASE("destroying what does not exist plans nothing") {
  Case given = tower();
  given.options.destroys = {"container/base"};
  CHECK(given.plan().changes.empty());
}

TEST_CASE("an orphan can be targeted, excluded and destroyed by name") {
  Case given = Case().there("container/old", {}).there("container/older", {});
  given.options.prune = true;
  given.options.targets = {"container/old"};
  CHECK(changed(given) == Names{"old"});
  given.options.targets = {};
  given.options.excludes = {"container/old"};
  CHECK(changed(given) == Names{"older"});
  given.options = {};
  given.options.destroys = {"container/older"};
  CHECK(changed(given) == Names{"older"});
  CHECK(given.change("container/older").blocked.empty());
}

}  // namespace
}  // namespace aegis
