#pragma once

#include <string>

#include "model/plan.h"

namespace aegis {

/// The steps, a line each: "[1,2] -> #3 container/web start, memory changed", then the blocked
/// changes with their reasons. For tests and logs.
std::string describe(const Plan& plan);

}  // namespace aegis
