#pragma once

#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// The kind's `survey`: every container of the node, with its configuration.
std::vector<Query> survey_containers(const Batch& batch, const Replies& replies);

/// The kind's `declare`: the containers that no resource names by its vmid, named after their host
/// names, else "ct103". What waits for a restart counts as it will be. A MAC address is left to the
/// container, and the template that it was made from is not known to Proxmox any more.
Result<std::vector<Declaration>> declare_containers(const Batch& batch, const Replies& replies);

}  // namespace aegis::proxmox
