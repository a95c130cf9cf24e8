#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "kinds/docker/service_state.h"

namespace aegis::docker {

/// What a person should know of a service besides its differences: it is paused, restarts in a
/// loop or fails its health check; others attached it to `foreign` networks; its binds are paths of
/// this machine while the engine is elsewhere; its image may not be pulled and is not there (an
/// error); its registry gave no answer; it cannot start first. `context` is its service_context.
Diagnostics service_notes(const Stack& stack,
                          const ServiceReading& reading,
                          const Json& context,
                          const std::vector<std::string>& foreign);

}  // namespace aegis::docker
