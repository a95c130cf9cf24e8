#pragma once

#include <vector>

#include "kinds/query.h"
#include "model/backup.h"
#include "model/coverage.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// What to read next to verify the newest backup of each guest of `backup` on its storage: three
/// waves, the last of which has Proxmox open the archives.
std::vector<Query> verification_queries(const Desired& desired,
                                        const Backup& backup,
                                        const Replies& replies);

/// What those replies tell: whether each guest's newest backup is there, is not empty, and gives
/// the configuration of such a guest. What is in its disks is not read.
std::vector<Verification> verifications_of(const Desired& desired,
                                           const Backup& backup,
                                           const Replies& replies);

}  // namespace aegis::proxmox
