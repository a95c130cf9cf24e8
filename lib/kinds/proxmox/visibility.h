#pragma once

#include <string_view>

#include "base/json.h"

namespace aegis::proxmox {

/// True when `permissions` (the answer to GET /access/permissions) give one of `privileges` ("A B")
/// on `path` or, where nothing is said of it, by propagation from above. Lists that Proxmox filters
/// without a word tell that something is absent only then.
bool may_see(const Json& permissions, std::string_view privileges, std::string_view path);

}  // namespace aegis::proxmox
