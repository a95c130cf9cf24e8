#pragma once

#include <span>
#include <vector>

#include "base/json.h"
#include "kinds/kind.h"
#include "model/plan.h"

namespace aegis {

/// What differs between `wanted` and `live`, sorted by path; pieces of a path are joined with ".".
/// Objects are compared member by member unless their rule says `whole`; null, an absent member and
/// an empty object are the same. Attributes that are write-only are left out. `before` is the live
/// value, `after` the wanted one.
std::vector<AttributeChange> diff(const Json& wanted,
                                  const Json& live,
                                  std::span<const AttributeRule> rules);

}  // namespace aegis
