#pragma once

#include "kinds/proxmox/guest_steps.h"

namespace aegis::proxmox {

/// True when the guest is on another node and its change moves it here.
bool is_moved(const Lowering& lowering);

/// The node that it is on.
std::string node_before(const Lowering& lowering);

/// Adds the step that moves the guest, and with it those of `updates` that are made before it, on
/// the node that it leaves, where what the plan saw still holds; the rest follow on the node that
/// it comes to: cards, whose bridges are there, and devices that are new.
void add_move(const Lowering& lowering, std::vector<Step> updates, StepChain& chain);

}  // namespace aegis::proxmox
