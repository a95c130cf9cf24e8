#include "engine/run_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/units.h"

namespace aegis {
namespace {

void add_detail(StepResult& result, std::string_view text) {
  if (text.empty()) return;
  if (!result.detail.empty()) result.detail += "; ";
  result.detail += text;
}

}  // namespace

RunReport::RunReport(std::span<const Step> steps) : steps_(steps) {
  for (const Step& step : steps) {
    report_.results.push_back({step.id, StepStatus::not_started, {}, {}, {}});
  }
}

const StepResult& RunReport::end_step(std::size_t index,
                                      StepStatus status,
                                      const Performed& performed) {
  const Step& step = steps_[index];
  StepResult& result = report_.results[index];
  result.status = status;
  result.duration = performed.duration;
  add_detail(result, text_or(performed.output, "warning"));
  if (performed.duration > step.timeout) {
    add_detail(result,
               fmt::format("took {}, longer than its limit of {}",
                           format_duration(performed.duration),
                           format_duration(step.timeout)));
  }
  if (performed.begun) {
    result.error = performed.error;
    add_journal_problem(result, performed);
  } else {
    result.error = performed.journal_error;
  }
  return result;
}

StepResult RunReport::end_undo(std::size_t index, StepStatus status, const Performed& performed) {
  StepResult& result = report_.results[index];
  result.status = status;
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
  return of_undo;
}

void RunReport::refuse(const Error& why) {
  report_.outcome = Outcome::partial;
  report_.results.front().error = why;
}

Outcome RunReport::close(const Schedule& schedule, bool stop_requested) {
  auto& results = report_.results;
  for (std::size_t i = 0; i < results.size(); ++i) results[i].status = schedule.status(i);
  if (journal_error_) {
    const auto kept_back = std::find_if(results.begin(), results.end(), [](const auto& result) {
      return result.status == StepStatus::not_started;
    });
    if (kept_back != results.end() && !kept_back->error) kept_back->error = journal_error_;
  }
  circumstances_.stop_requested = stop_requested;
  report_.outcome = make_outcome(steps_, results, circumstances_);
  return report_.outcome;
}

void RunReport::add_unwritten_end(const Error& why) {
  add_detail(report_.results.back(), "the run's end could not be written down: " + why.message);
}

void RunReport::add_journal_problem(StepResult& result, const Performed& performed) {
  if (!performed.journal_error) return;
  add_detail(result, "the journal could not be written: " + performed.journal_error->message);
  if (!journal_error_) journal_error_ = performed.journal_error;
}

}  // namespace aegis
