#pragma once

#include "kinds/kind.h"

namespace aegis::docker {

/// The kind's `perform`. `detach_all` gives out {endpoints: [{container, endpoint}]}, which
/// `attach_all` finds among the outputs of the steps that it comes after.
Result<Json> perform_network(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::docker
