#pragma once

#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// Adds to the observations of a batch's resources, which come first and in their order, warnings
/// of addresses that another guest has already: a declared MAC address that is the live one of
/// another declared guest, and declared MAC or IP addresses of one that is ours and no longer
/// declared. What two manifests declare is told when they are read.
void add_notes_on_clashes(const Batch& batch, std::vector<Observation>& observations);

}  // namespace aegis::proxmox
