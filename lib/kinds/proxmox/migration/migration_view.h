#pragma once

#include <string>
#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/guest_observe.h"

namespace aegis::proxmox {

/// The other node of the server's cluster that a declared guest lives on and is to be moved from:
/// it carries our tag, and no other server declares it there. Empty for every other guest.
std::string node_to_leave(const Resource& resource, const Scope& scope, const HostView& host);

/// What has to be read of a guest that is to be moved: its configuration there, and what would keep
/// a machine from moving.
std::vector<Query> migration_queries(const GuestSystem& system,
                                     const HostQueries& host,
                                     std::int64_t vmid,
                                     const std::string& from);

/// Adds to what was observed of a guest on node `from` that it lives there: the attribute "node",
/// and what the move depends on as context "move": {from, to, bytes, storages: {theirs: ours},
/// blocked}.
void add_migration(const GuestReading& reading,
                   const Resource& resource,
                   const LiveConfig& config,
                   const GuestReplies& replies,
                   const std::string& from,
                   Observation& observation);

/// Kind::normalize of what add_migration told: the guest is wanted here.
void want_on_node(const Observation& live, Json& wanted);

/// Corrects what the rules say about the node and the storages of a guest that is moved. True when
/// the difference is one of these and nothing else is to be said about it.
bool refine_migration(AttributeChange& attribute, const Observation& live, std::string& blocked);

/// The servers' guests that are on this server's node and declared on another one of its cluster:
/// they move there and are nobody's orphans. `nodes` is the answer to HostQueries::nodes(), or
/// null.
bool moves_away(const Scope& scope, std::string_view kind, std::int64_t vmid, const Json& nodes);

/// Whether some other server declares a guest with that vmid, wherever.
bool is_declared_elsewhere(const Scope& scope, std::string_view kind, std::int64_t vmid);

}  // namespace aegis::proxmox
