#pragma once

#include "kinds/kind.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/live_config.h"

namespace aegis::proxmox {

/// What would keep the container from being made: its id is another guest's (an error), its
/// template, storages or bridges are not there (warnings: the lists may be filtered).
Diagnostics notes_on_absent(const Resource& resource,
                            const HostQueries& queries,
                            const HostView& host,
                            const Replies& replies);

/// What is worth knowing of a live container: a lock, values of keys that no manifest can set and
/// that wait for a restart, disks without a known size.
Diagnostics notes_on_present(const Resource& resource, const Json& item, const LiveConfig& config);

}  // namespace aegis::proxmox
