#pragma once

#include <vector>

#include "base/result.h"
#include "base/vault.h"
#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::queries: everything in one wave, and nothing at all when no manifest has a `machines`
/// section. One request a declared machine, two when it has cloud-init, and a few for the host;
/// a second wave only when there are orphans, whose protection counts.
std::vector<Query> machine_queries(const Batch& batch, const Replies& replies);

/// Kind::interpret. A machine that is still being made or unmade is told as absent: the step that
/// makes it waits for that. A vmid that is another guest's is an error note.
Result<std::vector<Observation>> interpret_machines(const Batch& batch,
                                                    const Replies& replies,
                                                    Vault& vault);

/// Kind::normalize: the manifest's spec with defaults, the owner tag and a boot order.
Json normalize_machine(const Resource& resource, const Observation& live);

}  // namespace aegis::proxmox
