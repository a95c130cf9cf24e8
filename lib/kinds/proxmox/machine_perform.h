#pragma once

#include "effects/effects.h"
#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::perform of a virtual machine. Operations: check_images, create, clone, complete,
/// configure, resize, regenerate, start, shutdown, reboot, destroy. Each succeeds when its end is
/// already there.
Result<Json> perform_machine(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::proxmox
