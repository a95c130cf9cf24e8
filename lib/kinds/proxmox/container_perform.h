#pragma once

#include "effects/effects.h"
#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::perform of a container. Operations: check_template, create, configure, resize, start,
/// shutdown, reboot, destroy. Each succeeds when its end is already there.
Result<Json> perform_container(const Step& step, const Outputs& outputs, Effects& effects);

/// Makes the container by input.form (secrets as seals, opened at the moment of use).
Result<Json> create_container(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
