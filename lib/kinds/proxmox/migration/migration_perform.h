#pragma once

#include "effects/effects.h"
#include "kinds/kind.h"
#include "kinds/proxmox/guest_system.h"

namespace aegis::proxmox {

/// Moves a guest to the step's node: input {from, storages, runs, patience, digest}. A container
/// that runs is restarted by it; a machine moves while it runs, with its local disks.
Result<Json> migrate_guest(const Step& step, Effects& effects, const GuestSystem& system);

/// The undo of a move that failed: a container that it left down on the node that it was to leave
/// is started again.
Result<Json> start_again(const Step& step, Effects& effects, const GuestSystem& system);

}  // namespace aegis::proxmox
