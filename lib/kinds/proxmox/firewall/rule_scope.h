#pragma once

#include <string>

#include "base/json.h"
#include "kinds/proxmox/firewall/lockout.h"

namespace aegis::proxmox {

/// Whether a rule is about our own connections.
enum class Concerns { no, maybe, yes };

/// Whether the rule (of the server's own firewall, incoming) is about new connections to `port`.
/// `datacenter` has the aliases and sets that rules name. Names that are not there concern nobody,
/// as Proxmox leaves such rules out.
Concerns concerns(const Json& rule, int port, const WayIn& way, const Json& datacenter);

/// Whether `address` is what `spec` says: an address, network or range, several with commas, an
/// alias, or "+SET". `maybe` when the address is not known.
Concerns is_meant(const std::string& address, const std::string& spec, const Json& datacenter);

/// Whether the IP set called `name` holds `address`; with an empty address, whether it holds any
/// (then `maybe`).
Concerns is_in_set(const std::string& address, const std::string& name, const Json& datacenter);

}  // namespace aegis::proxmox
