#pragma once

#include <string>
#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/objects/object_type.h"

namespace aegis::proxmox {

/// Kind::rules of `type`: one a field.
std::vector<AttributeRule> object_rules(const ObjectType& type);

/// Kind::normalize of `type`.
Json normalize_object(const ObjectType& type, const Resource& resource);

/// Kind::lower of `type`. Steps: "create", "update" (which also adopts) and "remove"; a replacement
/// is a removal and a creation that stand or fall together. A replacement that is only asked for,
/// of an object with secrets, writes them again and removes nothing.
std::vector<Step> lower_object(const ObjectType& type, const Lowering& lowering);

}  // namespace aegis::proxmox
