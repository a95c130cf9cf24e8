#include "render/report_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/units.h"

namespace aegis {
namespace {

std::size_t count(const Report& report, StepStatus status) {
  return static_cast<std::size_t>(
      std::count_if(report.results.begin(), report.results.end(), [&](const StepResult& result) {
        return result.status == status;
      }));
}

Role role_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      return Role::added;
    case Outcome::rolled_back:
    case Outcome::interrupted:
      return Role::warned;
    case Outcome::partial:
      return Role::failed;
  }
  return Role::failed;
}

std::string_view ending_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      return "Done.";
    case Outcome::rolled_back:
      return "Failed, and rolled back: what was disturbed is back as it was. It does not match the "
             "manifests.";
    case Outcome::partial:
      return "Failed, and the state is partial: what was done before stays. `aegisctl plan` shows "
             "what is left; "
             "`aegisctl apply` goes on from there.";
    case Outcome::interrupted:
      return "Interrupted: what was running was finished, the rest was not begun. `aegisctl apply` "
             "goes on from there.";
  }
  return {};
}

std::string render_trouble(const StepResult& result, const Step& step, const Style& style) {
  std::string text;
  if (result.error) {
    text += paint(fmt::format("{}: {}: failed", to_string(step.address), harmless(step.title)),
                  Role::failed,
                  style) +
            fmt::format("\n    {}\n", harmless(result.error->message));
  }
  if (!result.detail.empty()) {
    text += fmt::format(
        "{}: {}: {}\n", to_string(step.address), harmless(step.title), harmless(result.detail));
  }
  return text;
}

}  // namespace

std::string render_report(const Report& report, const Plan& plan, const Style& style) {
  std::string text;
  for (std::size_t i = 0; i < report.results.size() && i < plan.steps.size(); ++i) {
    text += render_trouble(report.results[i], plan.steps[i], style);
  }
  text += paint(ending_of(report.outcome), role_of(report.outcome), style);
  text += fmt::format(
      " {} of {} done", count(report, StepStatus::done), count_of(report.results.size(), "step"));
  for (const StepStatus status : {StepStatus::failed,
                                  StepStatus::rolled_back,
                                  StepStatus::skipped,
                                  StepStatus::not_started}) {
    if (count(report, status) > 0)
      text += fmt::format(", {} {}", count(report, status), to_string(status));
  }
  return text + fmt::format(", in {}.\n", format_duration(report.duration));
}

}  // namespace aegis
