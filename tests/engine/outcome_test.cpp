#include "engine/outcome.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace aegis;

namespace {

struct Line {
  StepStatus status;
  std::string group;
  std::string undo;
  bool destroys_data = false;
};

Outcome outcome_of(const std::vector<Line>& lines, Circumstances circumstances = {}) {
  std::vector<Step> steps;
  std::vector<StepResult> results;
  for (const Line& line : lines) {
    Step step;
    step.group = line.group;
    step.undo = line.undo;
    step.destroys_data = line.destroys_data;
    steps.push_back(step);
    results.push_back({0, line.status, {}, {}, {}});
  }
  return make_outcome(steps, results, circumstances);
}

}  // namespace

TEST_CASE("a run is called what it was") {
  using S = StepStatus;
  CHECK(outcome_of({{S::done, "", ""}, {S::done, "g", "u"}}) == Outcome::succeeded);
  CHECK(outcome_of({{S::done, "", ""}, {S::failed, "", ""}}) == Outcome::partial);
  CHECK(outcome_of({{S::rolled_back, "g", "u"}, {S::failed, "g", "u"}}) == Outcome::rolled_back);
  CHECK(outcome_of({{S::done, "", ""}, {S::not_started, "", ""}}, {true, false}) ==
        Outcome::interrupted);
  CHECK(outcome_of({{S::done, "", ""}, {S::not_started, "", ""}}) == Outcome::partial);
}

TEST_CASE("a stop request that came too late to matter does not make a run interrupted") {
  CHECK(outcome_of({{StepStatus::done, "", ""}}, {true, false}) == Outcome::succeeded);
}

TEST_CASE("a failure weighs more than a stop request") {
  CHECK(outcome_of({{StepStatus::failed, "", ""}, {StepStatus::not_started, "", ""}},
                   {true, false}) == Outcome::partial);
}

TEST_CASE("nothing is called rolled back while something of the failed group remains") {
  using S = StepStatus;
  const Line failed{S::failed, "g", "u"};
  CHECK(outcome_of({{S::done, "g", "u"}, failed}) == Outcome::partial);
  CHECK(outcome_of({{S::done, "g", "", true}, failed}) == Outcome::partial);
  CHECK(outcome_of({{S::rolled_back, "g", "u"}, failed}, {false, true}) == Outcome::partial);
  CHECK(outcome_of({{S::rolled_back, "g", "u"}, failed, {S::failed, "", ""}}) == Outcome::partial);
}

TEST_CASE(
    "a check of a failed group that has nothing to undo does not matter, nor do other groups") {
  using S = StepStatus;
  CHECK(outcome_of({{S::done, "g", ""}, {S::failed, "g", "u"}, {S::done, "other", "u"}}) ==
        Outcome::rolled_back);
}
