#pragma once

#include <memory>

#include "laws/laws.h"

namespace aegis::laws {

/// A simulated Proxmox host, called as root. Its essence: every container's configuration with
/// generated MAC addresses masked, its power state, its volumes, and the pools.
std::unique_ptr<LawWorld> make_proxmox_world();

}  // namespace aegis::laws
