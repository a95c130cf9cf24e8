#pragma once

#include <cstddef>
#include <map>

#include "engine/apply.h"
#include "terminal.h"

namespace aegis {

/// Shows a run on standard error as it happens: a line for every step that ended, and on a live
/// terminal what is running now.
class Progress : public ApplyObserver {
 public:
  Progress(Terminal& terminal, std::size_t steps) : terminal_(terminal), steps_(steps) {}

  void step_started(const Step& step) override;
  void step_progress(const Step& step, std::string_view line) override;
  void step_finished(const Step& step, const StepResult& result) override;

 private:
  void show_running();

  Terminal& terminal_;
  std::size_t steps_;
  std::size_t ended_ = 0;
  std::map<StepId, std::string> running_;  ///< what each running step says of itself
};

}  // namespace aegis
