#pragma once

#include <string>
#include <vector>

#include "model/plan.h"

namespace aegis {

/// The steps of one change, as its kind lowered them (ids and `after` count from 1 within it), and
/// the changes whose steps they follow.
struct LoweredChange {
  std::vector<Step> steps;
  std::vector<std::size_t> after;  ///< places of other changes in the same list
};

/// All steps in one order: ids ascend from 1, `after` refers to them, and every step that disturbs
/// something comes after all that only prepare, unless these need it. `changes` must have no cycle.
std::vector<Step> order_steps(const std::vector<LoweredChange>& changes);

}  // namespace aegis
