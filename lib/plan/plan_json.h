#pragma once

#include "base/json.h"
#include "base/result.h"
#include "model/plan.h"

namespace aegis {

/// The plan for programs: {"format_version", "changes", "steps", "notes", "summary"}. Seals are
/// written as "[redacted]", with "sensitive": true; what a step sends is left out. The same plan
/// gives the same bytes.
Json to_json(const Plan& plan);

/// Diagnostics for programs: a list of {"severity", "summary", "detail", "where", "related"}.
Json to_json(const Diagnostics& diagnostics);

/// The plan in `json`, without what was left out; `rejected` with the reason when it is not one, or
/// one of a newer format.
Result<Plan> parse_plan(const Json& json);

}  // namespace aegis
