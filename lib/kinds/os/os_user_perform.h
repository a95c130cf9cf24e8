#pragma once

#include "kinds/kind.h"

namespace aegis::os {

/// Kind::lower and Kind::perform of users. Operations: "set up" (the account itself), "keys",
/// "sudo" and "remove".
std::vector<Step> lower_user(const Lowering& lowering);
Result<Json> perform_user(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::os
