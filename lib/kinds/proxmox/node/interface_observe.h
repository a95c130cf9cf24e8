#pragma once

#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::queries: the list of interfaces, which shows the staged file, and our permissions, because
/// Proxmox leaves bridges out without a word. Nothing where the manifests have no such section.
std::vector<Query> interface_queries(const Batch& batch, const Replies& replies);

/// Kind::interpret. `attributes` has `pending` where a change of the interface waits for a reload.
/// `context`: `reached_at`, the address of this interface that the server is reached at, if it has
/// it. Staged changes of others stop every change: a reload would put them in force too.
Result<std::vector<Observation>> interpret_interfaces(const Batch& batch,
                                                      const Replies& replies,
                                                      Vault& vault);

/// Kind::declare of an interface: bridges, bonds, VLANs, and cards with an address or an MTU of
/// their own. Its Kind::survey asks what Kind::queries asks.
std::vector<Query> survey_interfaces(const Batch& batch, const Replies& replies);
Result<std::vector<Declaration>> declare_interfaces(const Batch& batch, const Replies& replies);

}  // namespace aegis::proxmox
