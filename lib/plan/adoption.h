#pragma once

#include "model/plan.h"

namespace aegis {

/// True when `change` takes over an object as it is: nothing differs but what says that it is ours.
bool only_takes_over(const Change& change);

}  // namespace aegis
