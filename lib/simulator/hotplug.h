#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

/// The 500 of a container that is not there.
Answer missing_container(const World& world, int vmid);

/// Takes what waits in a running `container` and can be changed at once: limits, nets, new mount
/// points and everything that only the configuration file knows. The rest keeps waiting for a
/// restart. When one key cannot be taken, 400 says so and nothing may be written.
Refusal hotplug(World& world, Container& container);

}  // namespace aegis::simulator
