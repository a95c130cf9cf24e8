#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/outcome.h"
#include "engine/perform_step.h"
#include "engine/schedule.h"
#include "model/report.h"

namespace aegis {

/// The report of a run while it is being written. Pure.
class RunReport {
 public:
  /// `steps` must outlive this object. No step has been started.
  explicit RunReport(std::span<const Step> steps);

  /// Writes down what came of the step at `index`.
  const StepResult& end_step(std::size_t index, StepStatus status, const Performed& performed);

  /// Writes down what came of the undo of the step at `index`; the result is that of the undo
  /// itself, for the observer.
  StepResult end_undo(std::size_t index, StepStatus status, const Performed& performed);

  /// The run was not begun because its journal could not be.
  void refuse(const Error& why);

  /// Takes over how every step ended and decides what to call the run. When the journal kept steps
  /// from being started, the first of them says so.
  Outcome close(const Schedule& schedule, bool stop_requested);

  /// The end of the run could not be written down.
  void add_unwritten_end(const Error& why);

  [[nodiscard]] const Report& report() const { return report_; }

 private:
  void add_journal_problem(StepResult& result, const Performed& performed);

  std::span<const Step> steps_;
  Report report_;
  Circumstances circumstances_;
  std::optional<Error> journal_error_;
};

}  // namespace aegis
