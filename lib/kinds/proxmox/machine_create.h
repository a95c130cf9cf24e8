#pragma once

#include "effects/effects.h"
#include "kinds/kind.h"

namespace aegis::proxmox {

/// Makes the machine by input.form (secrets as seals, opened at the moment of use).
Result<Json> create_machine(const Step& step, Effects& effects);

/// Clones input.source by input.form. The clone's description says that it is not complete yet:
/// a clone can be given no tags.
Result<Json> clone_machine(const Step& step, Effects& effects);

/// Changes a fresh clone into input.wanted (attributes), in one call.
Result<Json> complete_clone(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
