#pragma once

#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/objects/object_type.h"

namespace aegis::proxmox {

/// The functions of a kind whose objects are listed as those of `type` are.
using ObjectQueries = std::vector<Query> (*)(const Batch& batch, const Replies& replies);
using ObjectInterpret = Result<std::vector<Observation>> (*)(const Batch& batch,
                                                             const Replies& replies,
                                                             Vault& vault);

/// Kind::survey: what `queries` would ask if all objects were declared.
std::vector<Query> survey_objects(const ObjectType& type,
                                  ObjectQueries queries,
                                  const Batch& batch,
                                  const Replies& replies);

/// Kind::declare: the objects that no resource names, as `interpret` tells them. What Proxmox
/// brought along is left out, and so are types that the manifests do not know. A secret that has to
/// be there, or shows that it is, is written as a reference: "${secret:box_password}".
Result<std::vector<Declaration>> declare_objects(const ObjectType& type,
                                                 ObjectInterpret interpret,
                                                 const Batch& batch,
                                                 const Replies& replies);

}  // namespace aegis::proxmox
