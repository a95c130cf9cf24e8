#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// The kind's `perform`: one step of a service, or the undo of one. An operation it does not know
/// is a bug of the planner and an error here.
Result<Json> perform_service(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::docker
