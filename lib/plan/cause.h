#pragma once

#include <string>
#include <vector>

#include "model/plan.h"

namespace aegis {

/// What differs, in one short sentence: "memory changed", "cores and memory changed", "cores,
/// memory and 3 more changed". Attributes that force a replacement are named first.
std::string cause_of_difference(const std::vector<AttributeChange>& attributes);

}  // namespace aegis
