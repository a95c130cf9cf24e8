#pragma once

#include "kinds/kind.h"
#include "kinds/proxmox/guest_observe.h"

namespace aegis::proxmox {

/// Adds the lists of files that declared containers are made from or run.
void ask_for_files(const Batch& batch, const HostQueries& host, std::vector<Query>& queries);

/// What would keep the container from being made: its id is another guest's (an error), its
/// template, hook script, storages or bridges are not there (warnings: the lists may be filtered).
Diagnostics notes_on_absent(const Resource& resource, const GuestReplies& replies);

/// What is worth knowing of a live container: a lock, values of keys that no manifest can set and
/// that wait for a restart, disks without a known size, a hook script that is not there.
Diagnostics notes_on_present(const Resource& resource,
                             const Json& item,
                             const LiveConfig& config,
                             const GuestReplies& replies);

}  // namespace aegis::proxmox
