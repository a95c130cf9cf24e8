#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

/// PUT /nodes/{node}/qemu/{vmid}/config: changes the machine before it answers.
Answer update_machine(World& world, const Call& call);

/// POST of the same path: the changes are made by a task.
Answer update_machine_later(World& world, const Call& call);

/// The work of that task: {"set", "delete", "revert"}. Its exit status.
std::string perform_machine_update(World& world, Machine& machine, const Json& work);

/// 500 unless `digest` is empty or the machine's.
Refusal check_machine_digest(const Machine& machine, std::string_view digest);

/// As wait_for_file_lock of containers.
Refusal wait_for_machine_lock(World& world, int vmid);

}  // namespace aegis::simulator
