#pragma once

#include <string>
#include <vector>

#include "kinds/os/data_restore.h"
#include "kinds/query.h"
#include "model/backup.h"
#include "model/desired.h"

namespace aegis::os {

/// What of the data is older than its newest copy: on systems that were made anew, or brought back
/// from a backup that was made before.
struct DataRecovery {
  std::vector<DataRestoreWish> wishes;  ///< what has to be restored, by the name of the entry
  std::vector<Error> unread;            ///< systems that do not tell
};

/// What to read next to know that. It asks the other ends of copies too.
std::vector<Query> data_recovery_queries(const Desired& desired,
                                         const Backups& backups,
                                         const Replies& replies);

/// What those replies tell. `now`: as in DataRestoreWish.
DataRecovery data_recovery_of(const Desired& desired,
                              const Backups& backups,
                              const std::string& now,
                              const Replies& replies);

}  // namespace aegis::os
