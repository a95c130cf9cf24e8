#pragma once

#include "effects/effects.h"
#include "kinds/kind.h"
#include "kinds/proxmox/guest_system.h"

namespace aegis::proxmox {

/// Sets, deletes and reverts configuration keys: input {set, delete, revert, digest, as_root}.
/// Seals in `set` are opened at the moment of use.
Result<Json> configure_guest(const Step& step, Effects& effects, const GuestSystem& system);

/// Grows a disk: input {disk, size in bytes, digest}.
Result<Json> resize_guest_disk(const Step& step, Effects& effects, const GuestSystem& system);

}  // namespace aegis::proxmox
