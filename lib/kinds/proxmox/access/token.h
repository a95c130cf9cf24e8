#pragma once

#include "kinds/kind.h"

namespace aegis {

/// An API token of a user, and its grants. A marker in the comment says that it is ours. Proxmox
/// tells its secret once: making one writes it to the manifest's `secret_file` before the token
/// counts as made.
const Kind& token_kind();

}  // namespace aegis
