#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "effects/effects.h"
#include "model/desired.h"
#include "model/lock_holder.h"

namespace aegis {

/// The lock lives on the managed system itself, so that every machine sees it: on Proxmox an empty
/// pool called "aegisctl-lock" whose comment names the holder (creating a pool that exists fails,
/// cluster-wide and atomically); on a Docker engine a volume of that name whose labels do (creating
/// a volume that exists answers with the first one's labels).
/// Takes the lock. `conflict` when somebody holds it: the message names the holder and `unlock`.
Result<Done> take_lock(const Scope& scope, const LockHolder& holder, Effects& effects);

/// The holder, or nothing when the lock is free.
Result<std::optional<LockHolder>> read_lock(const Scope& scope, Effects& effects);

/// Gives the lock back if `run` holds it; succeeds when nobody does. With an empty `run`, whoever
/// holds it loses it.
Result<Done> release_lock(const Scope& scope, const std::string& run, Effects& effects);

}  // namespace aegis
