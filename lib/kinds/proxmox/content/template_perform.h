#pragma once

#include "kinds/kind.h"

namespace aegis::proxmox {

/// The kind's `perform`. "fetch": makes the file of input {endpoint, node, storage, content, name,
/// url, algorithm, checksum} be there. "remove": makes it be gone.
Result<Json> perform_template(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::proxmox
