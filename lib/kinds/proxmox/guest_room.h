#pragma once

#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/guest_observe.h"

namespace aegis::proxmox {

/// Adds to the observations of a batch's resources, which come first and in their order, what the
/// host has too little room for: memory of all guests that are to run, declared or not, against
/// the host's (a warning, once a server), and what is to be allocated on a storage against what is
/// free there (an error where a volume takes all of its size at once, else a warning). Says nothing
/// of what these credentials may not see.
void add_notes_on_room(const Batch& batch,
                       const GuestReading& reading,
                       const GuestReplies& replies,
                       std::vector<Observation>& observations);

}  // namespace aegis::proxmox
