#pragma once

#include <string>

#include "model/plan.h"

namespace aegis {

/// The plan as Markdown for a comment in a code review: a summary line, a table of changes, and the
/// attributes folded away. What live systems say cannot break out of its cell.
std::string render_markdown(const Plan& plan);

}  // namespace aegis
