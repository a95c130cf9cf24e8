#pragma once

#include <vector>

#include "kinds/kind.h"

namespace aegis::docker {

/// The kind's `lower`. A new service: pull, create, start, wait. A replacement: pull, create the
/// new container under a passing name, wait for dependencies, stop the old one and move it aside,
/// put the new one in its place, start it and wait until it works, and only then remove the old
/// one; until that last step every step can be undone. What a container takes as it is, is changed
/// in place.
std::vector<Step> lower_service(const Lowering& lowering);

/// The kind's `follow`: a container that shares namespaces with another one, or has volumes from
/// it, is made anew when that one is.
std::vector<AttributeChange> follow_service(const Resource& service,
                                            const Observation& live,
                                            const Lowering& need);

}  // namespace aegis::docker
