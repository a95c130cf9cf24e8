#pragma once

#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/firewall/level.h"

namespace aegis::proxmox {

/// A level's firewall (model.h) as a manifest would declare it.
Json spec_of_firewall(const FirewallLevel& level, const Json& firewall);

/// Kind::survey and Kind::declare of a firewall: the datacenter's and the node's, where anything is
/// set in them. Those of guests are told with their guests.
std::vector<Query> survey_firewalls(const Batch& batch, const Replies& replies);
Result<std::vector<Declaration>> declare_firewalls(const Batch& batch, const Replies& replies);

}  // namespace aegis::proxmox
