#pragma once

#include "base/result.h"
#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::perform of a firewall: edit_rules, set_options, put, remove. Every step looks first, does
/// nothing when its end is there, and gives the digest of what it saw: when somebody else changed
/// the rules meanwhile it fails with `conflict` and has changed nothing.
Result<Json> perform_firewall(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::proxmox
