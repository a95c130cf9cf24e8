#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A Proxmox LXC container of a server. The manifest is the whole truth of the attributes that it
/// can name: what it leaves out has Proxmox's default. Keys that it cannot name (arch, ostype, raw
/// lxc lines, unused disks, ...) are never touched. Ours are those with the tag
/// "aegisctl".
const Kind& container_kind();

}  // namespace aegis
