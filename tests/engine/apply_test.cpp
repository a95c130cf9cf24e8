#include "engine/apply.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "toy.h"

using namespace aegis;
using namespace aegis::toy;

namespace {

using Lines = std::vector<std::string>;

const Error k_refused{ErrorCode::rejected, "the server said no"};

/// Answers steps on the names in `bad` with an error.
ToyWorld::Answer failing(std::set<std::string> bad) {
  return [bad = std::move(bad)](const Step& step) -> Result<Json> {
    if (step.operation == "do" && bad.contains(step.address.name)) return k_refused;
    return Json::object();
  };
}

/// Lets calls pass only when `count` of them are there at the same time, or after a second.
class Meeting {
 public:
  explicit Meeting(int count) : count_(count) {}

  void arrive() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds{1}, [this] { return arrived_ >= count_; });
  }

 private:
  const int count_;
  int arrived_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace

TEST_CASE("a plan without steps succeeds and writes no journal") {
  Rig rig;
  CHECK(rig.apply_steps({}).outcome == Outcome::succeeded);
  CHECK(rig.journal.lines().empty());
}

TEST_CASE("steps run in their order, and everything is written down") {
  Rig rig;
  const Report report = rig.apply_steps({step(1, "a"), step(2, "b", {1}), step(3, "c", {2})});
  CHECK(report.outcome == Outcome::succeeded);
  CHECK(statuses(report) == "done, done, done");
  CHECK(rig.world.calls() == Lines{"do a", "do b", "do c"});
  CHECK(rig.journal.lines() == Lines{"run_started",
                                     "started 1",
                                     "ended 1 done",
                                     "started 2",
                                     "ended 2 done",
                                     "started 3",
                                     "ended 3 done",
                                     "run_ended succeeded"});
}

TEST_CASE("independent steps run at the same time, but never more than allowed") {
  Rig rig;
  rig.parallelism = 3;
  Meeting meeting(3);
  rig.world.answer = [&](const Step&) {
    meeting.arrive();
    return Result<Json>(Json::object());
  };
  std::vector<Step> steps;
  for (int i = 1; i <= 20; ++i) steps.push_back(step(i, std::to_string(i)));
  CHECK(rig.apply_steps(steps).outcome == Outcome::succeeded);
  CHECK(rig.world.most_at_once() == 3);
}

TEST_CASE("steps of one lane never overlap") {
  Rig rig;
  std::atomic<int> inside = 0;
  std::atomic<bool> overlapped = false;
  rig.world.answer = [&](const Step&) {
    if (++inside > 1) overlapped = true;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
    --inside;
    return Result<Json>(Json::object());
  };
  std::vector<Step> steps;
  for (int i = 1; i <= 20; ++i) {
    steps.push_back(step(i, std::to_string(i)));
    steps.back().lane = "one";
  }
  CHECK(rig.apply_steps(steps).outcome == Outcome::succeeded);
  CHECK(rig.world.calls().size() == 20);
  CHECK_FALSE(overlapped);
}

TEST_CASE("a failed step skips its dependents, its siblings go on, and the report says so") {
  Rig rig;
  rig.world.answer = failing({"a"});
  const Report report =
      rig.apply_steps({step(1, "a"), step(2, "b", {1}), step(3, "c"), step(4, "d", {3})});
  CHECK(report.outcome == Outcome::partial);
  CHECK(statuses(report) == "failed, skipped, done, done");
  CHECK(report.results[0].error->message == "the server said no");
  CHECK_FALSE(report.results[1].error);
  CHECK(rig.journal.lines().back() == "run_ended partial");
}

TEST_CASE("a step sees the outputs of the steps before it") {
  Rig rig;
  Json seen;
  rig.world.answer = [&](const Step& step) {
    if (step.address.name == "c") seen = step.input["seen"];
    return Result<Json>(Json{{"made", step.id}});
  };
  rig.apply_steps({step(1, "a"), step(2, "b"), step(3, "c", {1, 2})});
  CHECK(seen == Json{1, 2});
}

TEST_CASE("a step is performed by its kind with its input, and its warning is kept") {
  Rig rig;
  rig.world.answer = [](const Step& step) -> Result<Json> {
    if (step.input["input"] != Json{{"memory", 512}}) return k_refused;
    return Json{{"warning", "WARNINGS: 1"}};
  };
  Step planned = step(1, "a");
  planned.input = {{"memory", 512}};
  const Report report = rig.apply_steps({planned});
  CHECK(report.outcome == Outcome::succeeded);
  CHECK(report.results[0].detail == "WARNINGS: 1");
}

TEST_CASE("durations are measured, and a step that overran its limit is named") {
  Rig rig;
  rig.world.answer = [&](const Step&) {
    rig.clock.sleep_for(std::chrono::seconds{75});
    return Result<Json>(Json::object());
  };
  const Report report = rig.apply_steps({step(1, "a")});
  CHECK(report.results[0].duration == std::chrono::seconds{75});
  CHECK(report.results[0].detail == "took 1m15s, longer than its limit of 1m");
  CHECK(report.duration == std::chrono::seconds{75});
}

TEST_CASE("the observer is told in order and on the calling thread") {
  Rig rig;
  const auto here = std::this_thread::get_id();
  bool elsewhere = false;
  rig.diary.on_start = [&](const Step&) {
    elsewhere = elsewhere || std::this_thread::get_id() != here;
  };
  rig.apply_steps({step(1, "a"), step(2, "b", {1})});
  CHECK(rig.diary.lines == Lines{"started do a",
                                 "1: do a is going on",
                                 "do a: done",
                                 "started do b",
                                 "2: do b is going on",
                                 "do b: done"});
  CHECK_FALSE(elsewhere);
}

TEST_CASE("a group whose step fails is undone, last first, with the steps' own input") {
  Rig rig;
  rig.world.answer = failing({"c"});
  std::vector<Step> steps{group_step(1, "a"),
                          group_step(2, "b", {1}),
                          group_step(3, "c", {2}),
                          group_step(4, "d", {3}),
                          step(5, "other")};
  const Report report = rig.apply_steps(steps);
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(statuses(report) == "rolled back, rolled back, failed, skipped, done");
  auto calls = rig.world.calls();
  std::erase(calls, "do other");
  CHECK(calls == Lines{"do a", "do b", "do c", "undo c", "undo b", "undo a"});
  CHECK(report.results[2].error->message == "the server said no");
  CHECK(report.results[2].detail == "undone");
  CHECK(rig.journal.lines().back() == "run_ended rolled back");
  const auto& lines = rig.diary.lines;
  CHECK(std::count(lines.begin(), lines.end(), "started undo: do a") == 1);
  CHECK(std::count(lines.begin(), lines.end(), "undo: do a: rolled back") == 1);
}

TEST_CASE("an undo sees the output of its own step") {
  Rig rig;
  Json seen;
  rig.world.answer = [&](const Step& step) -> Result<Json> {
    if (step.operation == "undo" && step.address.name == "a") seen = step.input["seen"];
    if (step.operation == "do" && step.address.name == "b") return k_refused;
    return Json{{"made", step.id}};
  };
  rig.apply_steps({group_step(1, "a"), group_step(2, "b", {1})});
  CHECK(seen == Json{1});
}

TEST_CASE("a failure outside of groups is never called rolled back") {
  Rig rig;
  rig.world.answer = failing({"b", "c"});
  const Report report =
      rig.apply_steps({group_step(1, "a"), group_step(2, "b", {1}), step(3, "c")});
  CHECK(report.outcome == Outcome::partial);
  CHECK(statuses(report) == "rolled back, failed, failed");
}

TEST_CASE("an undo that fails leaves a partial state; the rest is still undone") {
  Rig rig;
  rig.world.answer = [](const Step& step) -> Result<Json> {
    if (step.operation == "undo" && step.address.name == "b") return k_refused;
    if (step.operation == "do" && step.address.name == "c") return k_refused;
    return Json::object();
  };
  const Report report =
      rig.apply_steps({group_step(1, "a"), group_step(2, "b", {1}), group_step(3, "c", {2})});
  CHECK(report.outcome == Outcome::partial);
  CHECK(statuses(report) == "rolled back, done, failed");
  CHECK(report.results[1].detail == "could not be undone: the server said no");
}

TEST_CASE("after a stop request the running steps finish and no more start") {
  Rig rig;
  rig.world.answer = [&](const Step&) {
    rig.stop.request_stop();
    return Result<Json>(Json::object());
  };
  const Report report = rig.apply_steps({step(1, "a"), step(2, "b", {1}), step(3, "c", {2})});
  CHECK(report.outcome == Outcome::interrupted);
  CHECK(statuses(report) == "done, not started, not started");
  CHECK(rig.journal.lines().back() == "run_ended interrupted");
}

TEST_CASE("a stop request before the start starts nothing") {
  Rig rig;
  rig.stop.request_stop();
  const Report report = rig.apply_steps({step(1, "a")});
  CHECK(report.outcome == Outcome::interrupted);
  CHECK(rig.world.calls().empty());
}

TEST_CASE("a stop request in the middle of a group brings back what the group took away") {
  Rig rig;
  rig.world.answer = [&](const Step&) {
    rig.stop.request_stop();
    return Result<Json>(Json::object());
  };
  const Report report = rig.apply_steps({group_step(1, "a"), group_step(2, "b", {1})});
  CHECK(report.outcome == Outcome::interrupted);
  CHECK(statuses(report) == "rolled back, not started");
  CHECK(rig.world.calls() == Lines{"do a", "undo a"});
}

TEST_CASE("a stop request during the last step changes nothing") {
  Rig rig;
  rig.world.answer = [&](const Step&) {
    rig.stop.request_stop();
    return Result<Json>(Json::object());
  };
  CHECK(rig.apply_steps({step(1, "a")}).outcome == Outcome::succeeded);
}

TEST_CASE("a journal that cannot be opened stops the run before its first step") {
  Rig rig;
  rig.journal.room = 0;
  const Report report = rig.apply_steps({step(1, "a"), step(2, "b")});
  CHECK(report.outcome == Outcome::partial);
  CHECK(statuses(report) == "not started, not started");
  CHECK(report.results[0].error->code == ErrorCode::io);
  CHECK(rig.world.calls().empty());
  CHECK(rig.diary.lines.empty());
}

TEST_CASE("no step is performed whose beginning could not be written down") {
  Rig rig;
  rig.journal.room = 3;  // the run, the first step's start and end
  const Report report = rig.apply_steps({step(1, "a"), step(2, "b", {1}), step(3, "c", {2})});
  CHECK(report.outcome == Outcome::partial);
  CHECK(statuses(report) == "done, not started, not started");
  CHECK(rig.world.calls() == Lines{"do a"});
  CHECK(report.results[1].error->message == "No space left on device");
}

TEST_CASE("when the end of a step cannot be written down, it says so and no more start") {
  Rig rig;
  rig.journal.room = 2;  // the run and the first step's start
  const Report report = rig.apply_steps({step(1, "a"), step(2, "b", {1})});
  CHECK(report.outcome == Outcome::partial);
  CHECK(statuses(report) == "done, not started");
  CHECK_THAT(report.results[0].detail, Catch::Contains("No space left on device"));
  CHECK(report.results[1].error->code == ErrorCode::io);
}

TEST_CASE("a run whose end could not be written down says so, and has succeeded") {
  Rig rig;
  rig.journal.room = 3;
  const Report report = rig.apply_steps({step(1, "a")});
  CHECK(report.outcome == Outcome::succeeded);
  CHECK_THAT(report.results[0].detail, Catch::Contains("the run's end could not be written down"));
}

TEST_CASE("a full journal does not keep a fallen group from being undone") {
  Rig rig;
  rig.world.answer = failing({"b"});
  rig.journal.room = 4;  // the run, both of a, the start of b
  const Report report = rig.apply_steps({group_step(1, "a"), group_step(2, "b", {1})});
  CHECK(statuses(report) == "rolled back, failed");
  CHECK(rig.world.calls() == Lines{"do a", "do b", "undo b", "undo a"});
}

TEST_CASE("what a bug throws in a step comes out of apply, after the running steps ended") {
  Rig rig;
  std::atomic<bool> other_ended = false;
  Meeting meeting(2);
  rig.world.answer = [&](const Step& step) -> Result<Json> {
    meeting.arrive();
    if (step.address.name == "a") throw std::runtime_error("a bug");
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    other_ended = true;
    return Json::object();
  };
  CHECK_THROWS_WITH(rig.apply_steps({step(1, "a"), step(2, "b")}), "a bug");
  CHECK(other_ended);
}

TEST_CASE("a step of a kind that is not there is a bug that nothing is started for") {
  Rig rig;
  Step foreign = step(2, "b");
  foreign.address.kind = "unheard-of";
  CHECK_THROWS_AS(rig.apply_steps({step(1, "a"), foreign}), std::logic_error);
  CHECK(rig.world.calls().empty());
}

TEST_CASE("the result does not depend on the number of workers") {
  for (const int parallelism : {-1, 1, 2, 64}) {
    Rig rig;
    rig.parallelism = parallelism;
    rig.world.answer = failing({"7", "12"});
    std::vector<Step> steps;
    for (int i = 1; i <= 30; ++i) {
      steps.push_back(
          step(i, std::to_string(i), i > 5 ? std::vector<StepId>{i - 5} : std::vector<StepId>{}));
    }
    const Report report = rig.apply_steps(steps);
    int done = 0;
    for (const StepResult& result : report.results) done += result.status == StepStatus::done;
    CHECK(done == 30 - 5);  // 7 and what follows: 12, 17, 22, 27
    CHECK(report.outcome == Outcome::partial);
  }
}

TEST_CASE("a step sees the outputs of what it comes after and of its own resource, no others") {
  Rig rig;
  rig.parallelism = 1;
  Json seen;
  rig.world.answer = [&](const Step& step) {
    if (step.id == 5) seen = step.input["seen"];
    return Result<Json>(Json{{"made", step.id}});
  };
  rig.apply_steps({step(1, "mine"),
                   step(2, "other"),
                   step(3, "needed", {1}),
                   step(4, "mine", {3}),
                   step(5, "mine", {4, 3})});
  CHECK(seen == Json{1, 3, 4});
}
