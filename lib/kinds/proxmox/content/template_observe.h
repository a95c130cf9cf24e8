#pragma once

#include "kinds/kind.h"

namespace aegis::proxmox {

/// The kind's `queries`: the files of the storages that hold templates; the appliance index when
/// one of it is not there.
std::vector<Query> template_queries(const Batch& batch, const Replies& replies);

/// The kind's `interpret`. What is not there and cannot be had is told in notes.
Result<std::vector<Observation>> interpret_templates(const Batch& batch,
                                                     const Replies& replies,
                                                     Vault& vault);

}  // namespace aegis::proxmox
