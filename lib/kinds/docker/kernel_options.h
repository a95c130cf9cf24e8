#pragma once

#include "base/json.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {

/// Settings that the engine leaves out, with a warning, when its kernel does not have them:
/// `oom_kill_disable`, `mem_swappiness` and `blkio_config`.

void wanted_kernel_options(Json& attributes, const Json& spec);

/// What was asked for when the container was made, and is not there, was left out: that is no
/// difference, because a new container would be without it, too.
void live_kernel_options(Json& attributes, const Json& inspect, const Declared& declared);

/// Adds them to the HostConfig of a create request.
void fill_kernel_options(Json& body, const Json& spec);

}  // namespace aegis::docker
