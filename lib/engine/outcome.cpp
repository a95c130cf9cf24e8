#include "engine/outcome.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace aegis {
namespace {

bool is_undone(const Step& step, const StepResult& result) {
  return result.status != StepStatus::done || (step.undo.empty() && !step.destroys_data);
}

}  // namespace

Outcome make_outcome(std::span<const Step> steps,
                     std::span<const StepResult> results,
                     const Circumstances& circumstances) {
  if (circumstances.undo_failed) return Outcome::partial;
  std::set<std::string_view> failed_groups;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (results[i].status != StepStatus::failed) continue;
    // A failed step may have done half of its work: without an undo that half stays.
    if (steps[i].group.empty()) return Outcome::partial;
    failed_groups.insert(steps[i].group);
  }
  if (!failed_groups.empty()) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (failed_groups.contains(steps[i].group) && !is_undone(steps[i], results[i])) {
        return Outcome::partial;
      }
    }
    return Outcome::rolled_back;
  }
  const bool all_done = std::all_of(results.begin(), results.end(), [](const StepResult& result) {
    return result.status == StepStatus::done;
  });
  if (all_done) return Outcome::succeeded;
  return circumstances.stop_requested ? Outcome::interrupted : Outcome::partial;
}

}  // namespace aegis
