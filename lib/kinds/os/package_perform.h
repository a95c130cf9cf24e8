#pragma once

#include "kinds/kind.h"

namespace aegis::os {

/// Kind::perform of packages. Operations: "install", which also puts a hold on it or takes it off,
/// and "remove". Waits for another run of apt. Neither removes any other package: it fails then,
/// and says which.
Result<Json> perform_package(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::os
