#pragma once

#include "base/result.h"
#include "effects/effects.h"
#include "kinds/proxmox/objects/object_type.h"
#include "model/plan.h"

namespace aegis::proxmox {

/// Kind::perform of `type`. Each operation looks at the object before it repeats anything: one that
/// finds its end there succeeds. An update writes only over the values that the plan saw, and a
/// removal only what is still ours; else it fails as a conflict.
Result<Json> perform_object(const ObjectType& type, const Step& step, Effects& effects);

}  // namespace aegis::proxmox
