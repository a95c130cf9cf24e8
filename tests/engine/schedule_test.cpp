#include "engine/schedule.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace aegis;

namespace {

Step step(StepId id,
          std::vector<StepId> after = {},
          std::string group = {},
          std::string undo = {}) {
  Step made;
  made.id = id;
  made.after = std::move(after);
  made.group = std::move(group);
  made.undo = std::move(undo);
  return made;
}

/// All that may run now, as "1 undo:2".
std::string take_all(Schedule& schedule, std::vector<Task>* taken = nullptr) {
  std::string text;
  while (const auto task = schedule.take_next()) {
    if (taken != nullptr) taken->push_back(*task);
    if (!text.empty()) text += ' ';
    text += (task->type == Task::Type::undo ? "undo:" : "") + std::to_string(task->index + 1);
  }
  return text;
}

Task perform(std::size_t number) {
  return {Task::Type::perform, number - 1};
}

Task undo(std::size_t number) {
  return {Task::Type::undo, number - 1};
}

}  // namespace

TEST_CASE("steps that wait for nothing may run at once, the others when their turn comes") {
  const std::vector<Step> steps{step(1), step(2, {1}), step(3), step(4, {2, 3})};
  Schedule schedule(steps);
  CHECK(take_all(schedule) == "1 3");
  schedule.end(perform(3), TaskEnd::succeeded);
  CHECK(take_all(schedule).empty());
  schedule.end(perform(1), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "2");
  schedule.end(perform(2), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "4");
}

TEST_CASE("a step named twice in `after` is waited for once") {
  const std::vector<Step> steps{step(1), step(2, {1, 1})};
  Schedule schedule(steps);
  take_all(schedule);
  schedule.end(perform(1), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "2");
}

TEST_CASE("a failed step skips what needs it, directly or not, and nothing else") {
  const std::vector<Step> steps{step(1), step(2, {1}), step(3, {2}), step(4), step(5, {4})};
  Schedule schedule(steps);
  take_all(schedule);
  schedule.end(perform(1), TaskEnd::failed);
  schedule.end(perform(4), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "5");
  CHECK(schedule.status(0) == StepStatus::failed);
  CHECK(schedule.status(1) == StepStatus::skipped);
  CHECK(schedule.status(2) == StepStatus::skipped);
}

TEST_CASE("steps of one lane never run at the same time; other lanes do not wait for them") {
  std::vector<Step> steps{step(1), step(2), step(3), step(4)};
  steps[0].lane = steps[1].lane = steps[3].lane = "a";
  steps[2].lane = "b";
  Schedule schedule(steps);
  CHECK(take_all(schedule) == "1 3");
  schedule.end(perform(1), TaskEnd::failed);
  CHECK(take_all(schedule) == "2");
  schedule.end(perform(2), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "4");
}

TEST_CASE("a lane goes on when the one whose turn it was is skipped meanwhile") {
  std::vector<Step> steps{step(1), step(2), step(3, {}, "g"), step(4, {}, "g"), step(5)};
  steps[0].lane = steps[2].lane = steps[4].lane = "a";
  Schedule schedule(steps);
  CHECK(take_all(schedule) == "1 2 4");
  schedule.end(perform(4), TaskEnd::failed);  // its group falls: 3, parked in the lane, is skipped
  schedule.end(perform(1), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "5");
}

TEST_CASE("when a step fails its group is undone, last ended first, one at a time") {
  const std::vector<Step> steps{step(1, {}, "g", "u"),
                                step(2, {}, "g", "u"),
                                step(3, {1, 2}, "g", "u"),
                                step(4, {3}, "g", "u"),
                                step(5, {4})};
  Schedule schedule(steps);
  take_all(schedule);
  schedule.end(perform(2), TaskEnd::succeeded);
  schedule.end(perform(1), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "3");
  schedule.end(perform(3), TaskEnd::failed);
  CHECK(take_all(schedule) == "undo:3");
  schedule.end(undo(3), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "undo:1");
  schedule.end(undo(1), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "undo:2");
  schedule.end(undo(2), TaskEnd::failed);
  CHECK(take_all(schedule).empty());
  CHECK(schedule.running() == 0);
  CHECK(schedule.status(0) == StepStatus::rolled_back);
  CHECK(schedule.status(1) == StepStatus::done);
  CHECK(schedule.status(2) == StepStatus::failed);
  CHECK(schedule.status(3) == StepStatus::skipped);
  CHECK(schedule.status(4) == StepStatus::skipped);
}

TEST_CASE("members that run while their group falls are awaited, then undone with it") {
  const std::vector<Step> steps{
      step(1, {}, "g", "u"), step(2, {}, "g", "u"), step(3, {2}), step(4, {}, "g", "u")};
  Schedule schedule(steps);
  schedule.take_next();
  schedule.take_next();
  schedule.end(perform(1), TaskEnd::failed);
  CHECK(take_all(schedule).empty());
  CHECK(schedule.status(3) == StepStatus::skipped);
  schedule.end(perform(2), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "undo:2");
  schedule.end(undo(2), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "undo:1");
  CHECK(schedule.status(1) == StepStatus::rolled_back);
  CHECK(schedule.status(2) == StepStatus::skipped);
}

TEST_CASE("what needs a step that stays done goes on although the step's group fell") {
  const std::vector<Step> steps{
      step(1, {}, "g"), step(2, {1}, "g", "u"), step(3, {1}), step(4, {2})};
  Schedule schedule(steps);
  take_all(schedule);
  schedule.end(perform(1), TaskEnd::succeeded);
  CHECK(schedule.take_next() == perform(2));
  schedule.end(perform(2), TaskEnd::failed);
  CHECK(take_all(schedule) == "undo:2 3");
  CHECK(schedule.status(3) == StepStatus::skipped);
}

TEST_CASE("a group falls when one of its steps has to be skipped") {
  const std::vector<Step> steps{
      step(1), step(2, {}, "g", "u"), step(3, {1, 2}, "g", "u"), step(4, {2})};
  Schedule schedule(steps);
  CHECK(take_all(schedule) == "1 2");
  schedule.end(perform(2), TaskEnd::succeeded);
  schedule.end(perform(1), TaskEnd::failed);
  CHECK(take_all(schedule) == "undo:2");
  CHECK(schedule.status(3) == StepStatus::skipped);
}

TEST_CASE("an undo waits for its lane like a step") {
  std::vector<Step> steps{step(1, {}, "g", "u"), step(2, {1}, "g"), step(3, {1})};
  steps[0].lane = steps[2].lane = "a";
  steps[2].after = {1};
  steps[0].undo = "u";
  Schedule schedule(steps);
  take_all(schedule);
  schedule.end(perform(1), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "2 3");
  schedule.end(perform(2), TaskEnd::failed);
  CHECK(take_all(schedule).empty());
  schedule.end(perform(3), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "undo:1");
}

TEST_CASE("after a stop nothing starts, and a group that was begun is undone") {
  const std::vector<Step> steps{
      step(1, {}, "g", "u"), step(2, {1}, "g", "u"), step(3), step(4, {3})};
  Schedule schedule(steps);
  CHECK(take_all(schedule) == "1 3");
  schedule.stop();
  schedule.end(perform(3), TaskEnd::succeeded);
  CHECK(take_all(schedule).empty());
  schedule.end(perform(1), TaskEnd::succeeded);
  CHECK(take_all(schedule) == "undo:1");
  schedule.end(undo(1), TaskEnd::succeeded);
  CHECK(schedule.status(0) == StepStatus::rolled_back);
  CHECK(schedule.status(1) == StepStatus::not_started);
  CHECK(schedule.status(3) == StepStatus::not_started);
}

TEST_CASE("a stop leaves a group alone that is complete or becomes so") {
  const std::vector<Step> steps{step(1, {}, "g", "u"), step(2, {1}, "g", "u")};
  Schedule schedule(steps);
  take_all(schedule);
  schedule.end(perform(1), TaskEnd::succeeded);
  take_all(schedule);
  schedule.stop();
  schedule.end(perform(2), TaskEnd::succeeded);
  CHECK(take_all(schedule).empty());
  CHECK(schedule.status(0) == StepStatus::done);
  CHECK(schedule.status(1) == StepStatus::done);
}

TEST_CASE("a step that was taken but not begun counts as not started") {
  const std::vector<Step> steps{step(1), step(2, {1})};
  Schedule schedule(steps);
  take_all(schedule);
  schedule.end(perform(1), TaskEnd::not_begun);
  schedule.stop();
  CHECK(take_all(schedule).empty());
  CHECK(schedule.running() == 0);
  CHECK(schedule.status(0) == StepStatus::not_started);
  CHECK(schedule.status(1) == StepStatus::not_started);
}

TEST_CASE("a plan whose steps wait for later or unknown ones is refused") {
  const std::vector<Step> cycle{step(1, {2}), step(2, {1})};
  CHECK_THROWS_AS(Schedule(cycle), std::logic_error);
  const std::vector<Step> unknown{step(1, {7})};
  CHECK_THROWS_AS(Schedule(unknown), std::logic_error);
}
