#pragma once

#include "base/json.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {

/// The remaining settings of a container: rights, devices, name resolution, logging, namespaces,
/// ulimits. None can change on an existing container.

void wanted_host_options(Json& attributes, const Json& spec);

void live_host_options(Json& attributes, const Json& inspect, const Declared& declared);

/// Adds them to the HostConfig of a create request.
void fill_host_options(Json& body, const Json& spec);

}  // namespace aegis::docker
