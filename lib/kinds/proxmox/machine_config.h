#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "kinds/proxmox/live_config.h"

namespace aegis::proxmox {

/// `config` in the form of a manifest, to be given to shape_of_machine. `declared` is the
/// manifest's own spec (null for none): a MAC address, a size or a volume is only told where it
/// declares one.
Json spec_of_machine(const ConfigMap& config, const Json& declared);

/// True for the keys that a manifest can set; all others are left alone.
bool is_managed_machine_key(std::string_view key);

/// True for the keys of disks and CD-ROMs: "scsi0", "ide2".
bool is_disk_key(std::string_view key);

/// True for usbN and hostpciN.
bool is_host_device(std::string_view key);

/// The key of the cloud-init drive; empty without one.
std::string cloudinit_key(const ConfigMap& config);

/// Proxmox's keys in which the attribute at `path` is kept. `config` tells where the cloud-init
/// drive is, `wanted` where it shall be.
std::vector<std::string> keys_of(std::string_view path,
                                 const Json& wanted,
                                 const ConfigMap& config);

/// All keys in which `attributes` (in the shape of machine_shape.h) are kept.
std::set<std::string> keys_in(const Json& attributes);

/// The part of the attributes that Proxmox keeps under `key`, without the sizes of disks, which are
/// resized by a call of its own, and what they are copied from.
Json part_of_machine(const Json& attributes, std::string_view key);

}  // namespace aegis::proxmox
