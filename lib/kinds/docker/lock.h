#pragma once

#include <optional>
#include <string>

#include "kinds/lock.h"

namespace aegis::docker {

/// The lock of a stack's engine (contract: kinds/lock.h): the volume "aegisctl-lock", whose labels
/// name the holder. An engine inside a guest that does not run yet cannot be locked, and need not
/// be: the lock of its server covers it.

Result<Done> take_lock(const Scope& scope, const LockHolder& holder, Effects& effects);
Result<std::optional<LockHolder>> read_lock(const Scope& scope, Effects& effects);
Result<Done> release_lock(const Scope& scope, const std::string& run, Effects& effects);

}  // namespace aegis::docker
