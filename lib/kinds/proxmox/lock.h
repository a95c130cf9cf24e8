#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "effects/effects.h"
#include "kinds/lock.h"

namespace aegis::proxmox {

/// The Proxmox half of kinds/lock.h: an empty pool called "aegisctl-lock" whose comment is the
/// holder as JSON. Needs Pool.Allocate and Pool.Audit on /pool/aegisctl-lock.

/// That pool: it is no one's to declare.
inline constexpr std::string_view k_lock_pool = "aegisctl-lock";

/// Takes the lock; succeeds too when `holder.run` already has it. `conflict` names who has it.
Result<Done> take_lock(const Scope& scope, const LockHolder& holder, Effects& effects);

/// The holder, or nothing when the lock is free.
Result<std::optional<LockHolder>> read_lock(const Scope& scope, Effects& effects);

/// Gives it back if `run` holds it, or whoever holds it when `run` is empty.
Result<Done> release_lock(const Scope& scope, const std::string& run, Effects& effects);

}  // namespace aegis::proxmox
