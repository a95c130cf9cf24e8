#pragma once

#include "effects/effects.h"
#include "kinds/proxmox/guest_system.h"
#include "model/backup.h"
#include "model/desired.h"
#include "model/plan.h"

namespace aegis::proxmox {

/// The operation of the kinds `container` and `machine` that makes a backup.
inline constexpr std::string_view k_back_up = "back_up";

/// What makes every backup of `backup` now, with the options of its jobs, so that `keep` holds for
/// these as for those of the schedule. One step a guest; a server makes one after the other.
Plan backup_plan(const Desired& desired, const Backup& backup);

/// Performs such a step: {endpoint, node, vmid, storage, form: parameters of vzdump, each a name
/// and its value}. When the answer is lost it looks for the task and for a backup that was not
/// there before. Output: {"volume": the new backup}.
Result<Json> back_guest_up(const Step& step, Effects& effects, const GuestSystem& system);

}  // namespace aegis::proxmox
