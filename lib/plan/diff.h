#pragma once

#include <vector>

#include "base/json.h"
#include "model/plan.h"
#include "plan/rule_table.h"

namespace aegis {

/// What differs between `wanted` and `live`, attribute by attribute, sorted by path.
/// Objects are compared member by member unless their rule says `whole`; a missing member, a
/// missing object and null are the same. Secrets' seals are values, never looked into. Attributes
/// that are never read back (`write_only`) are left out. Disruption, door and note are those of the
/// rule; `forces_replace` is set where the rule says `immutable`.
std::vector<AttributeChange> diff(const Json& wanted, const Json& live, const RuleTable& rules);

/// The attributes that a new object gets: every value in `wanted` that is not empty, write-only
/// ones included. Making an object disturbs nothing and replaces nothing.
std::vector<AttributeChange> attributes_of_new(const Json& wanted, const RuleTable& rules);

/// True when the values are the same in the sense of `compare`.
bool same_value(const Json& wanted, const Json& live, Compare compare);

}  // namespace aegis
