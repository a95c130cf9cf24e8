#pragma once

#include <memory>

#include "laws/laws.h"

namespace aegis::laws {

/// A simulated Proxmox host, called as root, with root's shell on it. Its essence: every guest's
/// configuration with generated MAC addresses, ids and times masked, its power state, its volumes,
/// the pools with their members, the entries of the cluster's own files, and all of access; of a
/// secret that is kept in a file, whether it logs in.
std::unique_ptr<LawWorld> make_proxmox_world();

}  // namespace aegis::laws
