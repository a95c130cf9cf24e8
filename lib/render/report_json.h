#pragma once

#include "base/json.h"
#include "model/plan.h"
#include "model/report.h"

namespace aegis {

/// What came of a plan, for programs: {"format_version", "outcome", "duration_ms", "steps": [{"id",
/// "address", "title", "status", "duration_ms", "error", "detail"}]}.
Json to_json(const Report& report, const Plan& plan);

}  // namespace aegis
