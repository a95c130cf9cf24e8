#pragma once

#include "model/plan.h"
#include "model/status.h"

namespace aegis {

/// Pure. The changes of a plan in a line each: what differs, or why it is there.
DriftStatus differences_of(const Plan& plan);

}  // namespace aegis
