#pragma once

#include <vector>

#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/objects/object_type.h"

namespace aegis::proxmox {

/// The lists that tell whether what `resource` names is there.
std::vector<Query> reference_queries(const ObjectType& type,
                                     const Resource& resource,
                                     const HostQueries& host);

/// Warns of what `resource` names and neither the manifests nor the host have: Proxmox would refuse
/// it while applying. Says nothing where a list could not be read.
Diagnostics notes_on_references(const ObjectType& type,
                                const Resource& resource,
                                const HostQueries& host,
                                const Replies& replies);

}  // namespace aegis::proxmox
