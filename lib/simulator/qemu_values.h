#pragma once

#include <string>
#include <string_view>

#include "simulator/world.h"

namespace aegis::simulator {

/// The members of a net string, its model and MAC address under "model" and "macaddr".
Parameters parse_machine_net(std::string_view value);

/// `value` as the host stores it at `key`: tags sorted, nets with a fresh MAC address when they
/// name none, passwords hashed. Drives stay as they are.
std::string stored_machine_value(World& world, std::string_view key, const std::string& value);

/// What is wrong with the parameters beyond their formats: import-from without its special form,
/// an ISO image that is no CD-ROM, a net without a model.
Refusal check_machine_values(const ConfigMap& values);

/// The 500 of a machine that is not there.
Answer missing_machine(const World& world, int vmid);

/// 500 "VM is locked (X)" when the configuration holds a lock.
Refusal check_machine_lock(const Machine& machine);

}  // namespace aegis::simulator
