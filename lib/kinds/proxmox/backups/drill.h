#pragma once

#include "kinds/proxmox/backups/restore_plan.h"
#include "kinds/proxmox/backups/restore_reading.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// Pure. The steps that show that a container can be restored from its newest backup, or from the
/// one that is named: it is restored beside, under a number of its own (800000 and the
/// container's), with no network, no bind mounts, no devices and not started with the host;
/// started; seen to stay up; and removed, also when one of these fails. The container itself is not
/// touched, and need not be there. What an earlier drill left is removed first. Refused when
/// another guest has the number, and for a backup with raw `lxc.` lines, which no call can leave
/// out and which may reach the host's own files.
RestorePlan plan_drill(const Desired& desired, const RestoreWish& wish, const RestoreFacts& facts);

}  // namespace aegis::proxmox
