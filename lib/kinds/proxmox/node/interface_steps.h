#pragma once

#include "kinds/kind.h"
#include "kinds/proxmox/node/take_back.h"

namespace aegis::proxmox {

/// Kind::lower: `stage` the interface (nothing is in force yet), then `reload`, once for all
/// interfaces of the server. Until the reload a failure takes everything back that was staged.
/// Where there is SSH, a timer of the server takes the reload back unless we get in afterwards
/// (take_back.h).
std::vector<Step> lower_interface(const Lowering& lowering);

/// How the server takes a reload of its network back.
const TakeBack& network_take_back();

}  // namespace aegis::proxmox
