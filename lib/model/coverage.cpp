#include "model/coverage.h"

#include <algorithm>

namespace aegis {

std::string_view to_string(Objective objective) {
  switch (objective) {
    case Objective::none:
      return "none";
    case Objective::met:
      return "met";
    case Objective::missed:
      return "missed";
    case Objective::unknown:
      return "unknown";
  }
  return "none";
}

const Copy* newest_usable(const std::vector<Copy>& copies) {
  const auto usable = std::find_if(
      copies.begin(), copies.end(), [](const Copy& copy) { return copy.flaw.empty(); });
  return usable == copies.end() ? nullptr : &*usable;
}

Objective judge(const GuestCoverage& coverage, std::int64_t now) {
  if (!coverage.rpo || !coverage.exists) return Objective::none;
  const Copy* newest = newest_usable(coverage.backups);
  if (newest != nullptr && now - newest->time <= coverage.rpo->count()) return Objective::met;
  return coverage.unread.empty() ? Objective::missed : Objective::unknown;
}

}  // namespace aegis
