#pragma once

#include <chrono>
#include <vector>

#include "model/plan.h"

namespace aegis {

/// The windows that changes of `plan` wait for and that are closed at `now`, each once: what a plan
/// that is applied at that time gets as PlanOptions::closed.
std::vector<Window> closed_windows(const Plan& plan, std::chrono::sys_seconds now);

}  // namespace aegis
