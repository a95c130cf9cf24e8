#pragma once

#include <map>
#include <string>
#include <vector>

#include "kinds/proxmox/backups/restore_plan.h"
#include "kinds/query.h"
#include "model/address.h"
#include "model/backup.h"
#include "model/desired.h"
#include "model/plan.h"
#include "model/timeline.h"

namespace aegis::proxmox {

/// What somebody wants to be brought back: all that is declared.
struct RecoveryWish {
  std::string now = {};                   ///< as in RestoreWish
  std::vector<std::string> without = {};  ///< addresses that may be made anew, empty, although
                                          ///< backups are made of them
};

/// What brings back the guests that are declared and not there.
struct Recovery {
  std::vector<Recovered> guests;            ///< all of them, sorted
  std::map<Address, RestorePlan> restores;  ///< of those that have a backup, and those refused
  Plan plan;  ///< the steps of all restores; guests do not wait for each other

  /// True when one of the guests is not to be brought back as things are.
  [[nodiscard]] bool is_refused() const;
};

/// Addresses of what is declared of servers and their systems and needs no guest, not even by way
/// of others: storages, networks, templates. That has to be there before guests can be restored.
std::vector<std::string> before_guests(const Desired& desired);

/// What to read next to know which declared guests are not there and what they can be restored
/// from. Two waves, one more when there is something to restore.
std::vector<Query> recovery_queries(const Desired& desired,
                                    const RecoveryWish& wish,
                                    const Replies& replies);

/// Pure. A guest that is there as a whole is left alone; a container whose restore was begun is
/// brought to its end. Refused are guests of `backups` none of whose backups is seen, because an
/// empty one in their place would look as if all were well; and machines, which are not restored.
/// Fails when a server did not answer, or when not all of its backups could be seen.
Result<Recovery> plan_recovery(const Desired& desired,
                               const Backups& backups,
                               const RecoveryWish& wish,
                               const Replies& replies);

}  // namespace aegis::proxmox
