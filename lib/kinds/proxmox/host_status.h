#pragma once

#include "effects/clock.h"
#include "kinds/kind.h"
#include "model/status.h"

namespace aegis::proxmox {

/// The queries and the reading of a StatusReader for a server: the host, its storages, and the
/// declared containers and machines. One wave; with SSH the host itself is asked whether it wants a
/// reboot.
std::vector<Query> host_status_queries(const Batch& batch, const Replies& replies);
Result<Done> read_host_status(const Batch& batch,
                              const Replies& replies,
                              TimePoint now,
                              Status& status);

}  // namespace aegis::proxmox
