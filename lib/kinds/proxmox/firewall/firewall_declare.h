#pragma once

#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::survey and Kind::declare of a firewall: the datacenter's and the node's, where anything is
/// set in them. Those of guests are left as they are, as for guests whose manifest has none.
std::vector<Query> survey_firewalls(const Batch& batch, const Replies& replies);
Result<std::vector<Declaration>> declare_firewalls(const Batch& batch, const Replies& replies);

}  // namespace aegis::proxmox
