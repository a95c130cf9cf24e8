#include "plan/once.h"

#include <catch2/catch.hpp>

namespace aegis {
namespace {

Step step(const std::string& title, const std::string& once = "") {
  Step made;
  made.title = title;
  made.once = once;
  return made;
}

using After = std::vector<std::vector<std::size_t>>;

}  // namespace

TEST_CASE("one of the steps that are one stays, after all that they wait for") {
  std::vector<Step> steps{step("a"), step("reload a", "net"), step("b"), step("reload b", "net")};
  After after{{}, {0}, {}, {2}};
  merge_once(steps, after);
  REQUIRE(steps.size() == 3);
  CHECK(steps[2].title == "reload b");
  CHECK(after == After{{}, {}, {0, 1}});
}

TEST_CASE("what waits for one of them waits for the one that stays") {
  std::vector<Step> steps{
      step("reload a", "net"), step("user"), step("b"), step("reload b", "net")};
  After after{{}, {0}, {}, {2}};
  merge_once(steps, after);
  CHECK(after == After{{2}, {}, {1}});
}

TEST_CASE("a step that leads to them waits for what led to the other, not for it") {
  // b stands on a, and both are put in force by the same reload.
  std::vector<Step> steps{step("a"), step("reload a", "net"), step("b"), step("reload b", "net")};
  After after{{}, {0}, {1}, {2}};
  merge_once(steps, after);
  CHECK(after == After{{}, {0}, {0, 1}});
}

TEST_CASE("what leads to them by way of another one step does not wait for it either") {
  // Two files, the second after all of the first; systemd is told of both, then the unit restarts.
  std::vector<Step> steps{step("a"),
                          step("tell a", "tell"),
                          step("restart a", "restart"),
                          step("b"),
                          step("tell b", "tell"),
                          step("restart b", "restart")};
  After after{{}, {0}, {1}, {2}, {3}, {4}};
  merge_once(steps, after);
  REQUIRE(steps.size() == 4);
  CHECK(after == After{{}, {0}, {0, 1}, {2}});
}

TEST_CASE("steps of different names stay apart, and others untouched") {
  std::vector<Step> steps{step("a", "x"), step("b", "y"), step("c")};
  After after{{}, {0}, {1}};
  merge_once(steps, after);
  CHECK(steps.size() == 3);
  CHECK(after == After{{}, {0}, {1}});
}

}  // namespace aegis
