#pragma once

#include <string>
#include <vector>

#include "kinds/proxmox/api.h"
#include "kinds/proxmox/backups/spare.h"
#include "kinds/proxmox/live_config.h"

namespace aegis::proxmox {

/// The parameters that restore `archive`, whose configuration is `archived`, in the place of the
/// container it is of: every disk anew on the storage it was on, bind mounts as they were, and with
/// our tag.
Form form_in_place(const ConfigMap& archived, const std::string& archive);

/// Those that restore it beside that container, harmlessly: no bind mounts, every interface with
/// its link down and an address of its own, not started with the host, not protected, not ours.
Form form_beside(const ConfigMap& archived, const Spare& spare);

/// Keys of `archived` that no parameter leaves out, and that must be off before a spare is
/// started: devices and hook scripts.
std::vector<std::string> keys_to_strip(const ConfigMap& archived);

/// True when it has bind mounts or other settings that Proxmox takes from root@pam alone.
bool needs_root(const ConfigMap& archived);

}  // namespace aegis::proxmox
