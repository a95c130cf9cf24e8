#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/plan.h"
#include "model/world.h"
#include "plan/make_plan.h"

namespace aegis {

/// What somebody allowed of guests that are removed or replaced. It decides what is observed of
/// them (kinds/proxmox/backups/guard.h), so a plan that is applied later needs it again.
struct GuardOptions {
  std::vector<std::string> without;         ///< addresses that may go without a backup
  std::optional<std::chrono::seconds> age;  ///< of the newest backup; else each guest's objective

  bool operator==(const GuardOptions&) const = default;
};

/// A plan that somebody agreed to, with what it was computed from. It holds no secret and no spec:
/// applying it plans again and compares (lib/README.md).
struct SavedPlan {
  Plan plan;
  PlanOptions options;
  GuardOptions guard;
  std::string manifests_digest;
  std::map<Address, Json> observed;  ///< {owned, attributes with seals redacted}, or null
};

SavedPlan make_saved_plan(const Plan& plan,
                          const PlanOptions& options,
                          const GuardOptions& guard,
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
