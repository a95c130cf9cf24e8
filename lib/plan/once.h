#pragma once

#include <vector>

#include "model/plan.h"

namespace aegis {

/// Makes one step of those with the same `once`: the last of them stays, and waits for what any of
/// them waits for; what waits for one of them waits for it. A step that leads to one of them does
/// not wait for another one: it waits for what that one waits for. `after` holds indices into
/// `steps`; both lose the steps that go.
void merge_once(std::vector<Step>& steps, std::vector<std::vector<std::size_t>>& after);

}  // namespace aegis
