#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A guest that the cluster keeps in a state, called "ct:VMID" or "vm:VMID". Ours are those whose
/// comment starts with "aegisctl".
const Kind& ha_resource_kind();

}  // namespace aegis
