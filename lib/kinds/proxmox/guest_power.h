#pragma once

#include "effects/effects.h"
#include "kinds/kind.h"
#include "kinds/proxmox/guest_system.h"

namespace aegis::proxmox {

/// Power. A reboot is made only while something waits for it and never of a locked guest, which
/// Proxmox would leave stopped.
Result<Json> start_guest(const Step& step, Effects& effects, const GuestSystem& system);
Result<Json> shut_guest_down(const Step& step, Effects& effects, const GuestSystem& system);
Result<Json> reboot_guest(const Step& step, Effects& effects, const GuestSystem& system);

/// Destroys the guest if it carries our mark and is not protected.
Result<Json> destroy_guest(const Step& step, Effects& effects, const GuestSystem& system);

}  // namespace aegis::proxmox
