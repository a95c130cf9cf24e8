#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

/// PUT /nodes/{node}/lxc/{vmid}/config.
Answer update_config(World& world, const Call& call);

/// Makes everything that waits in `container` so, as a start or the end of a stop does: disks are
/// made, replaced ones become unusedN, deleted keys go.
void apply_pending(World& world, Container& container);

/// 500 "CT is locked (X)" when the configuration holds a lock.
Refusal check_lock(const Container& container);

/// 500 unless `digest` is empty or the container's.
Refusal check_digest(const Container& container, std::string_view digest);

/// Waits for work that is under way on the container: ends it early and notes the time it would
/// have taken, or refuses as Proxmox does after 10 s ("got timeout").
Refusal wait_for_file_lock(World& world, int vmid);
/// The same for any guest; `file` is the lock's path.
Refusal wait_for_file_lock(World& world, int vmid, std::string_view file);

}  // namespace aegis::simulator
