#pragma once

#include <vector>

#include "base/result.h"
#include "base/vault.h"
#include "kinds/kind.h"
#include "kinds/proxmox/firewall/level.h"

namespace aegis::proxmox {

/// Kind::queries. Nothing when the server's section `firewall` and every container's are missing;
/// else two waves: the lists, then what is in the sets and groups that they name.
std::vector<Query> firewall_queries(const Batch& batch, const Replies& replies);

/// Kind::interpret. A level exists when anything is set there, and is ours when the marker rule is
/// among its rules. `context`: {level, path, firewall (model.h), macros, lockout: why the declared
/// firewall must not be made so, or ""}.
Result<std::vector<Observation>> interpret_firewalls(const Batch& batch,
                                                     const Replies& replies,
                                                     Vault& vault);

/// Kind::normalize: model.h's attributes of what the manifest declares.
Json normalize_firewall(const Resource& resource, const Observation& live);

/// The level that a resource (or an orphan, with a null spec) is about.
FirewallLevel level_of(const Address& address, const Json& spec, std::string_view node);

}  // namespace aegis::proxmox
