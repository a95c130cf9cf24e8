#pragma once

#include <string>

#include "model/plan.h"

namespace aegis {

/// The steps, a line each: "[1,2] -> #3 container/web start, memory changed". For tests and logs.
std::string describe(const Plan& plan);

}  // namespace aegis
