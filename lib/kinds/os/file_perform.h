#pragma once

#include "kinds/kind.h"

namespace aegis::os {

/// Kind::lower and Kind::perform of files. Operations: "write", "remove", and "own", which takes a
/// file over that is as it should be.
std::vector<Step> lower_file(const Lowering& lowering);
Result<Json> perform_file(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::os
