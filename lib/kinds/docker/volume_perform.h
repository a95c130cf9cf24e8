#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// The kind's `perform`.
Result<Json> perform_volume(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::docker
