#pragma once

#include <string>
#include <string_view>

#include "model/plan.h"
#include "model/report.h"
#include "render/style.h"

namespace aegis {

/// What came of a plan, for people: what failed with the server's own words, what was skipped
/// because of it, what was undone, how things stand now and what to do next. Ends in a line end.
/// `again` is the command that goes on where this one ended.
std::string render_report(const Report& report,
                          const Plan& plan,
                          const Style& style,
                          std::string_view again = "aegisctl apply");

}  // namespace aegis
