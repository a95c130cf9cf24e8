#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A group of nodes on which guests are kept running (Proxmox VE 8; version 9 has rules instead).
/// Ours are those whose comment starts with "aegisctl".
const Kind& ha_group_kind();

}  // namespace aegis
