#pragma once

#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::lower: `stage` the interface (nothing is in force yet), then `reload`, once for all
/// interfaces of the server. Until the reload a failure takes everything back that was staged.
std::vector<Step> lower_interface(const Lowering& lowering);

}  // namespace aegis::proxmox
