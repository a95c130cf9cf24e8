#pragma once

#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// The kind's `survey`: every virtual machine of the node, with its configuration.
std::vector<Query> survey_machines(const Batch& batch, const Replies& replies);

/// The kind's `declare`: the machines that no resource names by its vmid, named after their names,
/// else "vm103". What they were made from (an image, another machine) is not known to Proxmox any
/// more.
Result<std::vector<Declaration>> declare_machines(const Batch& batch, const Replies& replies);

}  // namespace aegis::proxmox
