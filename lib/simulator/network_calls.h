#pragma once

#include "simulator/routes.h"

namespace aegis::simulator {

/// The calls of /nodes/{node}/network.
std::vector<Route> network_routes();

}  // namespace aegis::simulator
