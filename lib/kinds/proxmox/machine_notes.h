#pragma once

#include "kinds/kind.h"
#include "kinds/proxmox/host_view.h"

namespace aegis::proxmox {

/// What would keep the machine from being made: its id is another guest's (an error); what it is
/// cloned from, its storages or bridges are not there (warnings: the lists may be filtered).
Diagnostics notes_on_absent_machine(const Resource& resource,
                                    const HostQueries& queries,
                                    const HostView& host);

}  // namespace aegis::proxmox
