#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/objects/object_type.h"

namespace aegis::proxmox {

/// Kind::queries of `type`: its lists, in one wave. Nothing when the manifest has no such section.
std::vector<Query> object_queries(const ObjectType& type,
                                  const Batch& batch,
                                  const Replies& replies);

/// Kind::interpret of `type`. What is in a list that credentials may see only in part counts as
/// absent only where they would see it; else reading fails. A type that this version of Proxmox
/// does not know has no objects. Orphans are those that carry our marker.
Result<std::vector<Observation>> interpret_objects(const ObjectType& type,
                                                   const Batch& batch,
                                                   const Replies& replies);

/// The objects that the lists tell and no resource of `batch` names, each with what has to be known
/// to read it. Fails when the lists were not read.
Result<std::map<std::string, Json>> undeclared_objects(const ObjectType& type,
                                                       const Batch& batch,
                                                       const Replies& replies);

}  // namespace aegis::proxmox
