#pragma once

#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::perform: `stage`, `reload`, and the undo `revert`. A revert after the reload fails: what
/// is in force then is not brought back.
Result<Json> perform_interface(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::proxmox
