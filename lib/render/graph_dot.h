#pragma once

#include <string>

#include "model/desired.h"
#include "model/plan.h"

namespace aegis {

/// The plan's steps and what each waits for in Graphviz's DOT language, grouped by resource. Up to
/// two thousand steps, arrows that follow from others are left out.
std::string render_dot(const Plan& plan);

/// The declared resources and what each depends on, grouped by scope.
std::string render_dot(const Desired& desired);

}  // namespace aegis
