#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A Proxmox KVM virtual machine of a server. The manifest is the whole truth of the attributes
/// that it can name, as it is for containers. Keys that it cannot name (smbios1,
/// unused disks, ...) are never touched. Ours are those with the tag "aegisctl".
const Kind& machine_kind();

}  // namespace aegis
