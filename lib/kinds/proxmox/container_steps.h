#pragma once

#include <vector>

#include "kinds/proxmox/guest_steps.h"

namespace aegis::proxmox {

/// Kind::lower of a container.
std::vector<Step> lower_container(const Lowering& lowering);

/// The steps that change an existing container into what is wanted.
void add_update_steps(const Lowering& lowering, StepChain& chain);

/// The step that makes it, or those that make it as a copy.
void add_create_step(const Lowering& lowering, StepChain& chain);

}  // namespace aegis::proxmox
