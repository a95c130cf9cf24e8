#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "effects/effects.h"
#include "engine/apply.h"
#include "engine/journal.h"
#include "kinds/kind.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"

namespace aegis::toy {

/// A kind whose steps are calls "operation name", answered by the test's world.
const Kind& toy_kind();

/// The world behind the toy kind: remembers the calls and lets the test answer them. Thread-safe.
class ToyWorld : public HttpTransport {
 public:
  using Answer = std::function<Result<Json>(const Step& step)>;

  /// Answers every step; without one, all succeed with an empty output.
  Answer answer = [](const Step&) { return Result<Json>(Json::object()); };

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

  /// "create a", in the order of their beginning.
  std::vector<std::string> calls() const;
  /// The most calls that were going on at the same time.
  int most_at_once() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> calls_;
  int going_on_ = 0;
  int most_ = 0;
};

/// A journal in memory that can be told to be full.
class MemoryJournal : public Journal {
 public:
  /// Entries that still fit; negative: all.
  int room = -1;

  Result<Done> append(const JournalEntry& entry) override;
  Result<std::vector<JournalEntry>> read_unfinished() override;
  Result<std::vector<JournalEntry>> read_newest() override { return std::vector<JournalEntry>{}; }

  /// "run_started", "started 1", "ended 1 done", "run_ended succeeded".
  std::vector<std::string> lines() const;

 private:
  mutable std::mutex mutex_;
  std::vector<JournalEntry> entries_;
};

/// An observer that writes down what it is told.
class Diary : public ApplyObserver {
 public:
  std::vector<std::string> lines;
  std::function<void(const Step&)> on_start = [](const Step&) {};

  void step_started(const Step& step) override;
  void step_progress(const Step& step, std::string_view line) override;
  void step_finished(const Step& step, const StepResult& result) override;
};

/// A step of the toy kind.
Step step(StepId id, std::string name, std::vector<StepId> after = {});
/// A step of a group that is undone by "un<operation>".
Step group_step(StepId id, std::string name, std::vector<StepId> after = {});

/// All that a run needs.
struct Rig {
  ToyWorld world;
  FakeShell shell;
  FakeClock clock;
  Vault vault;
  MemoryJournal journal;
  Diary diary;
  std::stop_source stop;
  int parallelism = 4;

  Report apply_steps(std::vector<Step> steps);
};

/// The statuses in order: "done failed skipped".
std::string statuses(const Report& report);

}  // namespace aegis::toy
