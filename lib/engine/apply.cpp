#include "engine/apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>

#include "base/text.h"
#include "base/units.h"
#include "engine/inbox.h"
#include "engine/outcome.h"
#include "engine/perform_step.h"
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

void add_detail(StepResult& result, std::string_view text) {
  if (text.empty()) return;
  if (!result.detail.empty()) result.detail += "; ";
  result.detail += text;
}

using KindsByName = std::map<std::string_view, const Kind*>;

KindsByName by_name(std::span<const Kind> kinds) {
  KindsByName named;
  for (const Kind& kind : kinds) named[kind.name] = &kind;
  return named;
}

/// One run of a plan. All members are touched by the calling thread alone, except the inbox, the
/// journal and the doors.
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
        schedule_(plan.steps) {
    for (const Step& step : steps_) {
      if (!kinds_.contains(step.address.kind)) {
        throw std::logic_error("no kind performs the steps of " + to_string(step.address));
      }
      report_.results.push_back({step.id, StepStatus::not_started, {}, {}, {}});
    }
  }

  Report perform_all(std::size_t parallelism) {
    const TimePoint start = effects_.clock.now();
    if (const auto problem = write_down(JournalEntry::Event::run_started, "")) {
      report_.outcome = Outcome::partial;
      report_.results.front().error = *problem;
      return std::move(report_);
    }
    run_steps(parallelism);
    close_report();
    report_.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(effects_.clock.now() - start);
    return std::move(report_);
  }

 private:
  std::optional<Error> write_down(JournalEntry::Event event, std::string_view status) {
    JournalEntry entry;
    entry.event = event;
    entry.time = effects_.clock.now();
    entry.status = status;
    const auto written = journal_.append(entry);
    if (written) return std::nullopt;
    return written.error();
  }

  void run_steps(std::size_t parallelism) {
    // Declared after the inbox, which they write to, and joined before it goes.
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
    const auto step =
        std::make_shared<const Step>(task.type == Task::Type::undo ? undo_of(planned) : planned);
    observer_.step_started(*step);
    if (!snapshot_) snapshot_ = std::make_shared<const Outputs>(outputs_);
    Effects effects = effects_;
    effects.progress = [this, index = task.index](std::string_view line) {
      inbox_.put(Progress{index, std::string(line)});
    };
    const Kind& kind = *kinds_.at(step->address.kind);
    // A packaged task carries what a bug throws over to the calling thread.
    auto job = std::make_shared<std::packaged_task<Performed()>>(
        [this, type = task.type, step, &kind, outputs = snapshot_, effects]() mutable {
          return perform_step(*step, type, kind, *outputs, effects, journal_);
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
    schedule_.end(ended.task, performed.end());
    if (performed.journal_error) schedule_.stop();
    if (ended.task.type == Task::Type::undo) {
      finish_undo(ended.task.index, performed);
    } else {
      finish_step(ended.task.index, performed);
    }
  }

  void finish_step(std::size_t index, const Performed& performed) {
    const Step& step = steps_[index];
    StepResult& result = report_.results[index];
    result.status = schedule_.status(index);
    result.duration = performed.duration;
    result.error = performed.begun ? performed.error : performed.journal_error;
    add_detail(result, text_or(performed.output, "warning"));
    if (performed.duration > step.timeout) {
      add_detail(result,
                 fmt::format("took {}, longer than its limit of {}",
                             format_duration(performed.duration),
                             format_duration(step.timeout)));
    }
    if (performed.begun) add_journal_problem(result, performed);
    if (performed.end() == TaskEnd::succeeded) {
      outputs_[step.id] = performed.output;
      snapshot_.reset();
    }
    observer_.step_finished(step, result);
  }

  void finish_undo(std::size_t index, const Performed& performed) {
    StepResult& result = report_.results[index];
    result.status = schedule_.status(index);
    if (performed.error) {
      circumstances_.undo_failed = true;
      add_detail(result, "could not be undone: " + performed.error->message);
    } else {
      add_detail(result, "undone");
      add_detail(result, text_or(performed.output, "warning"));
    }
    add_journal_problem(result, performed);
    StepResult of_undo = result;
    of_undo.status = performed.error ? StepStatus::failed : StepStatus::rolled_back;
    of_undo.error = performed.error;
    of_undo.duration = performed.duration;
    observer_.step_finished(undo_of(steps_[index]), of_undo);
  }

  void add_journal_problem(StepResult& result, const Performed& performed) {
    if (!performed.journal_error) return;
    add_detail(result, "the journal could not be written: " + performed.journal_error->message);
    if (!journal_error_) journal_error_ = performed.journal_error;
  }

  void close_report() {
    auto& results = report_.results;
    for (std::size_t i = 0; i < results.size(); ++i) results[i].status = schedule_.status(i);
    if (journal_error_) {
      // The first step that was kept back says why.
      const auto kept = std::find_if(results.begin(), results.end(), [](const StepResult& result) {
        return result.status == StepStatus::not_started;
      });
      if (kept != results.end() && !kept->error) kept->error = *journal_error_;
    }
    circumstances_.stop_requested = stop_.stop_requested();
    report_.outcome = make_outcome(steps_, results, circumstances_);
    const auto problem = write_down(JournalEntry::Event::run_ended, to_string(report_.outcome));
    if (problem) {
      add_detail(results.back(), "the run's end could not be written down: " + problem->message);
    }
  }

  std::span<const Step> steps_;
  KindsByName kinds_;
  const Effects& effects_;
  Journal& journal_;
  ApplyObserver& observer_;
  std::stop_token stop_;
  Schedule schedule_;
  Inbox<Message> inbox_;
  Outputs outputs_;
  std::shared_ptr<const Outputs> snapshot_;  ///< a copy of outputs_, shared by the running steps
  std::optional<Error> journal_error_;
  Circumstances circumstances_;
  Report report_;
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
