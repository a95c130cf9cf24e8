#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "kinds/kind.h"
#include "kinds/proxmox/firewall/level.h"
#include "kinds/proxmox/firewall/lockout.h"

namespace aegis::proxmox {

/// The GET of `path` below the API's root.
Query firewall_query(const Scope& scope, const std::string& path);

/// What to read of one level, given the replies so far.
std::vector<Query> queries_of_level(const Scope& scope,
                                    const FirewallLevel& level,
                                    const Replies& replies);

/// The level's firewall (model.h), or the error that one of the answers was.
Result<Json> read_level(const Scope& scope, const FirewallLevel& level, const Replies& replies);

/// What to read to know how we reach the server, and what came of it. What cannot be read is left
/// out: it is not known then.
std::vector<Query> queries_of_way_in(const Scope& scope);
WayIn read_way_in(const Scope& scope, const Replies& replies);

/// The names of the host's macros: what to read, and what came of it (an array).
Query macros_query(const Scope& scope);
Json read_macros(const Scope& scope, const Replies& replies);

}  // namespace aegis::proxmox
