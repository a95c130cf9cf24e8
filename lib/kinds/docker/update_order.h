#pragma once

#include <string>

#include "base/json.h"

namespace aegis::docker {

/// True when the service asks to start its new container before the old one stops
/// (deploy.update_config.order: start-first).
bool asks_for_start_first(const Json& spec);

/// Why two of its containers cannot run side by side, for a sentence: "port 8080 of the host is
/// taken". Empty when they can. `context` is that of a service_context with `data`.
std::string start_first_obstacle(const Json& spec, const Json& context);

}  // namespace aegis::docker
