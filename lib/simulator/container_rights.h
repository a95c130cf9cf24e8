#pragma once

#include <string>
#include <vector>

#include "simulator/world.h"

namespace aegis::simulator {

/// What a call wants to do to a container's configuration.
struct ConfigWish {
  int vmid = 0;
  ConfigMap set;
  std::vector<std::string> remove;
  bool unprivileged = false;
  const ConfigMap* present = nullptr;  ///< the configuration in force; null while creating
};

/// Proxmox's permission check of every key: the privileges it needs at /vms/ID, and what it keeps
/// for root@pam whatever the privileges (features other than nesting, bind mounts, devices,
/// hookscripts). It looks at the keys that are named, not at whether they change.
Refusal check_config_rights(const World& world, const Caller& caller, const ConfigWish& wish);

/// The right to take space on the storages and to use the bridges that `wish` names.
Refusal check_resource_rights(const World& world, const Caller& caller, const ConfigWish& wish);

/// The storage can be reached, holds containers' disks, and the caller may take space on it.
Refusal check_disk_storage(const World& world, const Caller& caller, const std::string& storage);

}  // namespace aegis::simulator
