#pragma once

#include <string>

#include "model/plan.h"
#include "render/style.h"

namespace aegis {

/// The plan for people: what will be made, a block a change with its cause and its attributes; then
/// what is held back and why; then one line on what is disturbed and one that counts. The plan's
/// notes are not part of it (render/diagnostics_text.h), except that errors among them are referred
/// to. Ends in a line end. Nothing of a live system reaches the terminal unescaped.
std::string render_text(const Plan& plan, const Style& style);

}  // namespace aegis
