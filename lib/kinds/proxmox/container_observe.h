#pragma once

#include <vector>

#include "base/result.h"
#include "base/vault.h"
#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::queries: everything in one wave. One request a declared container, and a few for the host;
/// a second wave only when there are orphans, whose protection counts.
std::vector<Query> container_queries(const Batch& batch, const Replies& replies);

/// Kind::interpret. A container that is still being made or unmade is told as absent: the step that
/// makes it waits for that. A vmid that is another node's or a virtual machine's is an error note.
Result<std::vector<Observation>> interpret_containers(const Batch& batch,
                                                      const Replies& replies,
                                                      Vault& vault);

/// Kind::normalize: the manifest's spec with defaults and the owner tag.
Json normalize_container(const Resource& resource, const Observation& live);

}  // namespace aegis::proxmox
