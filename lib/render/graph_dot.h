#pragma once

#include <string>

#include "model/plan.h"

namespace aegis {

/// The plan's steps and their order in Graphviz's DOT language.
std::string render_dot(const Plan& plan);

}  // namespace aegis
