#pragma once

#include "kinds/docker/stack.h"
#include "model/desired.h"

namespace aegis::docker {

/// The attributes that the spec of a network asks for.
Json wanted_network(const Json& spec);

/// Those of a network as the engine lists it. Address pools, and the options, that neither the spec
/// nor the network's label declares are the engine's own choice and left out.
Json live_network(const Json& item, const Json& spec);

/// The body of `POST /networks/create`.
Json network_request(const Stack& stack, const Resource& network);

}  // namespace aegis::docker
