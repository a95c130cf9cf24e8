#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kinds/proxmox/backups/restore_reading.h"
#include "model/plan.h"

namespace aegis::proxmox {

/// How a container is restored: steps one after the other, or why not.
struct RestorePlan {
  Plan plan;                       ///< its steps alone
  std::string from;                ///< the backup that is restored
  std::int64_t from_time = 0;      ///< seconds since 1970; 0 when it is not known
  std::vector<std::string> notes;  ///< what somebody should know before agreeing
  std::string refusal;             ///< not empty: it is not to be done, and what would allow it
};

/// Pure. From what is there to the restored container, also when an earlier restore ended half
/// way. The backup is restored beside the container first and shown to start; only then is the
/// container stopped, backed up as it is, and overwritten. So at every moment there is either the
/// container as it was, or a backup of it and a restored one. A container that is not there is
/// restored at once: nothing can be lost.
RestorePlan plan_restore(const Desired& desired,
                         const RestoreWish& wish,
                         const RestoreFacts& facts);

}  // namespace aegis::proxmox
