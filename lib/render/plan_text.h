#pragma once

#include <string>

#include "model/plan.h"
#include "render/style.h"

namespace aegis {

/// The plan for people: a block a change with its cause, its attributes and what they disturb, then
/// what is held back and why, and one line that counts. Ends in a line end.
std::string render_text(const Plan& plan, const Style& style);

/// "2 to create, 1 to change, 0 to remove", without what is held back; replacements and adoptions
/// are counted only when there are any.
std::string count_changes(const Plan& plan);

}  // namespace aegis
