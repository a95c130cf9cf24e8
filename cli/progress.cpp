#include "progress.h"

#include <fmt/format.h>

#include "base/units.h"

namespace aegis {
namespace {

std::string_view color_of(StepStatus status) {
  switch (status) {
    case StepStatus::done:
      return "32";
    case StepStatus::failed:
      return "1;31";
    case StepStatus::rolled_back:
      return "33";
    default:
      return "2";
  }
}

}  // namespace

void Progress::step_started(const Step& step) {
  running_[step.id] = step.title;
  show_running();
}

void Progress::step_progress(const Step& step, std::string_view line) {
  running_[step.id] = fmt::format("{}: {}", step.title, line);
  show_running();
}

void Progress::step_finished(const Step& step, const StepResult& result) {
  running_.erase(step.id);
  ++ended_;
  const std::string status =
      terminal_.color_err()
          ? fmt::format("\x1b[{}m{}\x1b[0m", color_of(result.status), to_string(result.status))
          : std::string(to_string(result.status));
  std::string line =
      fmt::format("[{}/{}] {}: {} {}", ended_, steps_, to_string(step.address), step.title, status);
  if (result.duration.count() > 0) line += fmt::format(" ({})", format_duration(result.duration));
  if (result.error) line += "\n      " + result.error->message;
  if (!result.detail.empty()) line += "\n      " + result.detail;
  terminal_.say(line);
  show_running();
}

void Progress::show_running() {
  if (running_.empty()) return;
  std::string line = fmt::format("      {} running: ", running_.size());
  for (const auto& [id, text] : running_) line += text + "; ";
  line.resize(line.size() - 2);
  terminal_.show_transient(line);
}

}  // namespace aegis
