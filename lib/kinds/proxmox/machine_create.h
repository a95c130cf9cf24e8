#pragma once

#include "effects/effects.h"
#include "kinds/kind.h"

namespace aegis::proxmox {

/// Makes the machine by input.form (secrets as seals, opened at the moment of use).
Result<Json> create_machine(const Step& step, Effects& effects);

/// Changes a fresh clone into input.wanted (attributes), in one call.
Result<Json> complete_clone(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
