#pragma once

#include <string>
#include <vector>

#include "simulator/world.h"

namespace aegis::simulator {

/// What a call wants to do to a virtual machine's configuration.
struct MachineWish {
  int vmid = 0;
  ConfigMap set;
  std::vector<std::string> remove;
  std::vector<std::string> revert;
  const Machine* present = nullptr;  ///< the machine as it is; null while creating

  /// The value of `key` that is there or waits, or "".
  [[nodiscard]] std::string before(const std::string& key) const;
};

/// Proxmox's permission check of every key: the privilege that it needs at /vms/ID, and what it
/// keeps for root@pam (args, hookscripts, host devices).
Refusal check_machine_rights(const World& world, const Caller& caller, const MachineWish& wish);

/// The right to take space on the storages, to read the images and to use the bridges that `wish`
/// names, and whether the storages can hold disks.
Refusal check_machine_resources(const World& world, const Caller& caller, const MachineWish& wish);

}  // namespace aegis::simulator
