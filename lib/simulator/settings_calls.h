#pragma once

#include <vector>

#include "simulator/routes.h"

namespace aegis::simulator {

/// The calls of the node's dns, hosts, time, disks and subscription.
std::vector<Route> node_settings_routes();

/// The calls of /nodes/{node}/apt/repositories.
std::vector<Route> repository_routes();

/// The calls that write /cluster/options.
std::vector<Route> datacenter_routes();

}  // namespace aegis::simulator
