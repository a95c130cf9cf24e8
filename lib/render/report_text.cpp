#include "render/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/units.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

class ReportText {
 public:
  ReportText(const Report& report, const Plan& plan, const Style& style, std::string_view again)
      : report_(report), style_(style), again_(again) {
    for (const Step& step : plan.steps) steps_[step.id] = &step;
    for (const StepResult& result : report.results) results_[result.id] = &result;
  }

  std::string render() {
    std::string text;
    for (const StepResult& result : report_.results) {
      const auto step = steps_.find(result.id);
      if (step != steps_.end()) text += trouble(result, *step->second);
    }
    if (!text.empty()) text += "\n";
    text += paint(verdict(), role(), style_) + "\n" + counts() + "\n";
    return text + wrapped(advice(), 0, style_.width);
  }

 private:
  [[nodiscard]] std::size_t count(StepStatus status) const {
    return static_cast<std::size_t>(
        std::count_if(report_.results.begin(), report_.results.end(), [&](const auto& result) {
          return result.status == status;
        }));
  }

  static std::string name_of(const Step& step) {
    return harmless(fmt::format("{} ({})", step.title, to_string(step.address)));
  }

  std::string trouble(const StepResult& result, const Step& step) {
    std::string text;
    switch (result.status) {
      case StepStatus::failed:
        text = paint("failed       ", Role::failed, style_) + name_of(step) + "\n";
        break;
      case StepStatus::rolled_back:
        text = paint("rolled back  ", Role::warned, style_) + name_of(step) + "\n";
        break;
      case StepStatus::skipped:
        text = paint("skipped      ", Role::faint, style_) + name_of(step) + because(step) + "\n";
        break;
      case StepStatus::done:
        if (result.detail.empty()) return text;
        text = paint("warning      ", Role::warned, style_) + name_of(step) + "\n";
        break;
      case StepStatus::not_started:
        if (!result.error) return text;
        text = paint("not started  ", Role::failed, style_) + name_of(step) + "\n";
        break;
    }
    if (result.error) text += said(result.error->message) + hint(result.error->code);
    if (!result.detail.empty()) text += said(result.detail);
    return text;
  }

  // The server's own words, line by line and never broken: people search for them.
  static std::string said(std::string_view words) {
    std::string text;
    for (const std::string& line : split(words, '\n')) {
      if (!trim(line).empty()) text += "    " + harmless(line) + "\n";
    }
    return text;
  }

  // The failed step that this one waited for, through others that were skipped as well. Steps only
  // wait for earlier ones, so this ends.
  std::string because(const Step& step) {
    const Step* at = &step;
    while (true) {
      const Step* next = nullptr;
      for (const StepId before : at->after) {
        const auto result = results_.find(before);
        const auto known = steps_.find(before);
        if (result == results_.end() || known == steps_.end() || before >= at->id) continue;
        const StepStatus status = result->second->status;
        if (status == StepStatus::failed || status == StepStatus::rolled_back) {
          return ": needs " + name_of(*known->second);
        }
        if (status == StepStatus::skipped && next == nullptr) next = known->second;
      }
      if (next == nullptr) return {};
      at = next;
    }
  }

  static std::string hint(ErrorCode code) {
    switch (code) {
      case ErrorCode::outcome_unknown:
        return "    Whether it took effect is not known: the answer was lost. The next run looks "
               "at "
               "the live state first.\n";
      case ErrorCode::unauthorized:
        return "    The credentials were not accepted.\n";
      case ErrorCode::forbidden:
        return "    These credentials lack a privilege.\n";
      default:
        return {};
    }
  }

  [[nodiscard]] Role role() const {
    switch (report_.outcome) {
      case Outcome::succeeded:
        return Role::added;
      case Outcome::partial:
        return Role::failed;
      case Outcome::rolled_back:
      case Outcome::interrupted:
        return Role::warned;
    }
    return Role::failed;
  }

  [[nodiscard]] std::string_view verdict() const {
    switch (report_.outcome) {
      case Outcome::succeeded:
        return "Done.";
      case Outcome::rolled_back:
        return "Failed, and rolled back.";
      case Outcome::partial:
        return "Failed. The state is partial: what was done before stays.";
      case Outcome::interrupted:
        return "Interrupted. What was running was finished, the rest was not begun.";
    }
    return {};
  }

  [[nodiscard]] std::string counts() const {
    std::string text = fmt::format(
        "{} of {} done", count(StepStatus::done), count_of(report_.results.size(), "step"));
    for (const StepStatus status : {StepStatus::failed,
                                    StepStatus::rolled_back,
                                    StepStatus::skipped,
                                    StepStatus::not_started}) {
      if (count(status) > 0) text += fmt::format(", {} {}", count(status), to_string(status));
    }
    return text + fmt::format(", in {}.", format_duration(report_.duration));
  }

  [[nodiscard]] std::string advice() const {
    switch (report_.outcome) {
      case Outcome::succeeded:
        return {};
      case Outcome::rolled_back:
        return fmt::format(
            "{} The live systems do not match the manifests. Remove the cause and "
            "run `{}` again.",
            count(StepStatus::done) == 0
                ? "What was disturbed is back as it was."
                : "What was disturbed by the failure is back as it was; steps that "
                  "were done elsewhere stay.",
            again_);
      case Outcome::partial:
        return fmt::format("`aegisctl plan` shows what is left; `{}` goes on from there.", again_);
      case Outcome::interrupted:
        return fmt::format("`{}` goes on from there.", again_);
    }
    return {};
  }

  const Report& report_;
  const Style& style_;
  std::string again_;
  std::map<StepId, const Step*> steps_;
  std::map<StepId, const StepResult*> results_;
};

}  // namespace

std::string render_report(const Report& report,
                          const Plan& plan,
                          const Style& style,
                          std::string_view again) {
  return ReportText(report, plan, style, again).render();
}

}  // namespace aegis
