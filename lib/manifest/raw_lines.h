#pragma once

#include "manifest/section_reader.h"
#include "model/desired.h"

namespace aegis {

/// Reports what is wrong with the `lxc` of a container: mappings that LXC would not read, ids that
/// are mapped twice, lines that Proxmox makes itself, and, as a warning, keys that Proxmox 8.4 does
/// not know: it drops such lines.
void check_raw_lines(const Resource& container, Reading& reading);

}  // namespace aegis
