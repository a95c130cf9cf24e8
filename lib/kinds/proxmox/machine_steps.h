#pragma once

#include <vector>

#include "kinds/proxmox/guest_steps.h"

namespace aegis::proxmox {

/// Kind::lower of a virtual machine.
std::vector<Step> lower_machine(const Lowering& lowering);

/// The steps that change an existing machine into what is wanted.
void add_machine_update(const Lowering& lowering, StepChain& chain);

/// The steps that grow disks which are only there after the restart.
void add_late_growth(const Lowering& lowering, StepChain& chain);

/// The steps that make it: in one call, or as a clone that is then changed.
void add_machine_creation(const Lowering& lowering, StepChain& chain);

}  // namespace aegis::proxmox
