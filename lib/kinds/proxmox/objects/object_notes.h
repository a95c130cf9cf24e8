#pragma once

#include "base/diagnostic.h"
#include "kinds/proxmox/objects/object_type.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// What is wrong with a spec that its schema cannot tell, because it depends on the object's type:
/// attributes that are missing, and such that the type does not have. With their places.
Diagnostics notes_on_spec(const ObjectType& type, const Resource& resource);

/// That the host's version of Proxmox does not know such objects.
Diagnostic unknown_to_host(const ObjectType& type, const Resource& resource);

}  // namespace aegis::proxmox
