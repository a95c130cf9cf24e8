#pragma once

#include "base/json.h"
#include "model/plan.h"
#include "model/report.h"

namespace aegis {

/// What came of a plan, for programs: {"format_version", "outcome", "duration_ms", "counts":
/// {status: n}, "waiting": [{"address", "window": {"name", "schedule", "duration"}}], for changes
/// held back until their window opens, "steps": [{"id", "address", "operation", "title", "status",
/// "duration_ms", "error", "error_code", "detail"}]}; the last three where there is something to
/// say.
Json to_json(const Report& report, const Plan& plan);

}  // namespace aegis
