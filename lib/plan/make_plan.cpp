#include "plan/make_plan.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "plan/draft.h"
#include "plan/order.h"
#include "plan/selection.h"
#include "plan/steps.h"

namespace aegis {
namespace {

// Several resources often report the same thing about the place they share.
void drop_repeated(Diagnostics& notes) {
  using Key = std::tuple<Severity, std::string, std::string, std::optional<SourceSpan>>;
  std::set<Key> seen;
  const auto repeated = [&](const Diagnostic& note) {
    return !seen.insert(Key{note.severity, note.summary, note.detail, note.where}).second;
  };
  notes.erase(std::remove_if(notes.begin(), notes.end(), repeated), notes.end());
}

}  // namespace

Plan make_plan(const Desired& desired,
               const World& world,
               std::span<const Kind> kinds,
               const PlanOptions& options) {
  Plan plan;
  const auto order = order_by_dependency(desired, plan.notes);
  if (!order) return plan;
  const Selection selection = select(*order, world, kinds, options, plan.notes);
  if (has_errors(plan.notes)) return plan;

  Drafter drafter(desired, world, kinds, options, *order, selection, plan.notes);
  std::vector<Draft> drafts = drafter.draft_all();
  plan.steps = tie_steps(drafts, *order);
  plan.changes.reserve(drafts.size());
  for (Draft& draft : drafts) plan.changes.push_back(std::move(draft.change));
  std::sort(plan.changes.begin(), plan.changes.end(), [](const Change& a, const Change& b) {
    return a.address < b.address;
  });
  drop_repeated(plan.notes);
  return plan;
}

}  // namespace aegis
