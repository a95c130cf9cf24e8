#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A user of Proxmox: its account, its groups and its grants. A marker in the comment says that it
/// is ours.
const Kind& user_kind();

}  // namespace aegis
