#include "engine/apply.h"

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "engine/inbox.h"
#include "engine/output_book.h"
#include "engine/perform_step.h"
#include "engine/run_report.h"
#include "engine/schedule.h"
#include "engine/workers.h"

namespace aegis {
namespace {

struct Progress {
  std::size_t index;
  std::string line;
};
struct Ended {
  Task task;
  std::future<Performed> performed;
};
struct StopAsked {};
using Message = std::variant<Progress, Ended, StopAsked>;

using KindsByName = std::map<std::string_view, const Kind*>;

KindsByName by_name(std::span<const Kind> kinds) {
  KindsByName named;
  for (const Kind& kind : kinds) named[kind.name] = &kind;
  return named;
}

/// One run of a plan. The calling thread alone touches its members, except the inbox, the journal
/// and the doors.
class Run {
 public:
  Run(const Plan& plan,
      std::span<const Kind> kinds,
      const Effects& effects,
      Journal& journal,
      ApplyObserver& observer,
      std::stop_token stop)
      : steps_(plan.steps),
        kinds_(by_name(kinds)),
        effects_(effects),
        journal_(journal),
        observer_(observer),
        stop_(std::move(stop)),
        schedule_(plan.steps),
        outputs_(plan.steps),
        report_(plan.steps) {
    for (const Step& step : steps_) {
      if (!kinds_.contains(step.address.kind)) {
        throw std::logic_error("no kind performs the steps of " + to_string(step.address));
      }
    }
  }

  Report perform_all(std::size_t parallelism) {
    const TimePoint start = effects_.clock.now();
    if (const auto begun = write_down(JournalEntry::Event::run_started, ""); !begun) {
      report_.refuse(begun.error());
      return report_.report();
    }
    run_steps(parallelism);
    const Outcome outcome = report_.close(schedule_, stop_.stop_requested());
    const auto ended = write_down(JournalEntry::Event::run_ended, to_string(outcome));
    if (!ended) report_.add_unwritten_end(ended.error());
    Report report = report_.report();
    report.duration = time_between(start, effects_.clock.now());
    return report;
  }

 private:
  Result<Done> write_down(JournalEntry::Event event, std::string_view status) {
    JournalEntry entry;
    entry.event = event;
    entry.time = effects_.clock.now();
    entry.status = status;
    return journal_.append(entry);
  }

  void run_steps(std::size_t parallelism) {
    // Joined at the end of this function, while the inbox that they write to is still there.
    Workers workers(parallelism);
    const std::stop_callback wake_up(stop_, [this] { inbox_.put(StopAsked{}); });
    while (true) {
      if (stop_.stop_requested()) schedule_.stop();
      while (schedule_.running() < parallelism) {
        const auto task = schedule_.take_next();
        if (!task) break;
        start(*task, workers);
      }
      if (schedule_.running() == 0) return;
      std::visit([this](auto&& message) { handle(message); }, inbox_.take());
    }
  }

  void start(const Task& task, Workers& workers) {
    const Step& planned = steps_[task.index];
    Step step = task.type == Task::Type::undo ? undo_of(planned) : planned;
    observer_.step_started(step);
    Effects effects = effects_;
    effects.progress = [this, index = task.index](std::string_view line) {
      inbox_.put(Progress{index, std::string(line)});
    };
    // A packaged task carries what a bug throws over to the calling thread.
    auto job =
        std::make_shared<std::packaged_task<Performed()>>([this,
                                                           type = task.type,
                                                           step = std::move(step),
                                                           kind = kinds_.at(planned.address.kind),
                                                           outputs = outputs_.seen_by(task.index),
                                                           effects]() mutable {
          return perform_step(step, type, *kind, outputs, effects, journal_);
        });
    workers.submit([this, task, job] {
      (*job)();
      inbox_.put(Ended{task, job->get_future()});
    });
  }

  void handle(const Progress& progress) {
    observer_.step_progress(steps_[progress.index], progress.line);
  }

  void handle(const StopAsked&) {}  // the loop looks at the token itself

  void handle(Ended& ended) {
    const Performed performed = ended.performed.get();
    const std::size_t index = ended.task.index;
    schedule_.end(ended.task, performed.end());
    if (performed.journal_error) schedule_.stop();
    const StepStatus status = schedule_.status(index);
    if (ended.task.type == Task::Type::undo) {
      observer_.step_finished(undo_of(steps_[index]), report_.end_undo(index, status, performed));
      return;
    }
    if (performed.end() == TaskEnd::succeeded) outputs_.add(index, performed.output);
    observer_.step_finished(steps_[index], report_.end_step(index, status, performed));
  }

  std::span<const Step> steps_;
  KindsByName kinds_;
  const Effects& effects_;
  Journal& journal_;
  ApplyObserver& observer_;
  std::stop_token stop_;
  Schedule schedule_;
  OutputBook outputs_;
  RunReport report_;
  Inbox<Message> inbox_;
};

}  // namespace

Report apply(const Plan& plan,
             std::span<const Kind> kinds,
             const Effects& effects,
             Journal& journal,
             ApplyObserver& observer,
             std::stop_token stop,
             const ApplyOptions& options) {
  if (plan.steps.empty()) return {};
  const auto wished = static_cast<std::size_t>(std::max(options.parallelism, 1));
  Run run(plan, kinds, effects, journal, observer, std::move(stop));
  return run.perform_all(std::min(wished, plan.steps.size()));
}

}  // namespace aegis
