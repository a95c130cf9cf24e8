#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/container_steps.h"
#include "kinds/proxmox/container_view.h"

namespace aegis::proxmox {

/// Kind::lower of a virtual machine.
std::vector<Step> lower_machine(const Lowering& lowering);

/// The steps that change an existing machine into what is wanted.
void add_machine_update(const Lowering& lowering, StepChain& chain);

/// The steps that grow disks which are only there after the restart.
void add_late_growth(const Lowering& lowering, StepChain& chain);

/// The steps that make it: in one call, or as a clone that is then changed.
void add_machine_creation(const Lowering& lowering, StepChain& chain);

/// True when `wanted` asks `key` to be what it is in force, and something else waits.
bool is_withdrawn_key(const LiveView& view, std::string_view key, const Json& wanted);

/// True when every value that waits is withdrawn by `wanted`: no restart is needed for them.
bool waits_only_for_withdrawn(const LiveView& view, const Json& wanted);

}  // namespace aegis::proxmox
