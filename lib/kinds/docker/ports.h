#pragma once

#include "base/json.h"

namespace aegis::docker {

/// Published and exposed ports. `ports` is a set of texts such as "8080:80/tcp",
/// "127.0.0.1:8080:80/tcp" and "80/tcp" (any free port of the host); `expose` of "80/tcp".
void wanted_ports(Json& attributes, const Json& spec, const Json& image);

/// From the container's configuration, not from its present bindings, which vanish when it stops.
void live_ports(Json& attributes, const Json& inspect);

/// ExposedPorts and HostConfig.PortBindings of a create request. A binding whose port is not
/// exposed would be silently ignored by older engines.
void fill_ports(Json& body, const Json& spec);

}  // namespace aegis::docker
