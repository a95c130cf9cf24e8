#pragma once

#include <string_view>

#include "kinds/proxmox/live_config.h"

namespace aegis::proxmox {

/// The keys of a guest's configuration file as a backup holds it ("rootfs" -> "local-zfs:..."): of
/// its first section, with the comment lines as `description`.
ConfigMap parse_config_file(std::string_view text);

}  // namespace aegis::proxmox
