#pragma once

#include <vector>

#include "kinds/proxmox/guest_system.h"
#include "kinds/proxmox/live_config.h"
#include "model/coverage.h"

namespace aegis::proxmox {

/// What of a guest with this configuration is in none of its backups: bind mounts, mount points
/// without `backup`, disks that are left out, unused disks. Sorted by key.
std::vector<Gap> gaps_of(const ConfigMap& config, const GuestSystem& system);

}  // namespace aegis::proxmox
