#pragma once

#include <string>
#include <string_view>

#include "model/plan.h"
#include "terminal.h"

namespace aegis {

/// The plan as "text", "json", "markdown", "html" or "dot", ending in a line end.
std::string format_plan(const Plan& plan, std::string_view format, const Terminal& terminal);

}  // namespace aegis
