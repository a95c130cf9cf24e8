#include "model/data_coverage.h"

namespace aegis {

Objective judge(const DataCoverage& coverage, std::int64_t now) {
  if (!coverage.rpo) return Objective::none;
  if (!coverage.unread.empty()) return Objective::unknown;
  const Copy* newest = newest_usable(coverage.copies);
  const bool is_fresh = newest != nullptr && now - newest->time <= coverage.rpo->count();
  return is_fresh ? Objective::met : Objective::missed;
}

}  // namespace aegis
