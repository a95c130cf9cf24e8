#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/plan.h"
#include "model/world.h"
#include "plan/make_plan.h"

namespace aegis {

/// A plan that somebody agreed to, with what it was computed from. It holds no secret and no spec:
/// applying it plans again and compares (lib/README.md).
struct SavedPlan {
  Plan plan;
  PlanOptions options;
  std::string manifests_digest;
  std::map<Address, Json> observed;  ///< {owned, attributes with seals redacted}, or null
};

SavedPlan make_saved_plan(const Plan& plan,
                          const PlanOptions& options,
                          std::string manifests_digest,
                          const World& world);

Json to_json(const SavedPlan& saved);

/// `rejected` with the reason when `json` is no saved plan, a damaged one, or of a newer format.
Result<SavedPlan> parse_saved_plan(const Json& json);

/// A line for each thing that is no longer as it was when `saved` was made: an attribute of a live
/// object with both values, an object that came or went, another change or step. Empty: `plan` is
/// exactly what was saved.
std::vector<std::string> moved_since(const SavedPlan& saved, const Plan& plan, const World& world);

}  // namespace aegis
