#pragma once

#include <vector>

#include "simulator/routes.h"

namespace aegis::simulator {

/// The calls of the firewall: the cluster's, the node's and those of containers.
std::vector<Route> firewall_routes();

}  // namespace aegis::simulator
