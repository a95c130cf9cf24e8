#pragma once

#include "kinds/docker/stack.h"

namespace aegis::docker {

// A service's spec for Swarm is kept in a form that seals survive: the engine's ServiceSpec, but
// with `Env` as a mapping and `Hosts` as "name:address". `sendable` makes the engine's own of it.

/// The ContainerSpec of a service, from its spec in Compose's long form. `context`: {image, configs
/// and secrets: {key: engine name}}.
Json container_spec(const Stack& stack, const Json& spec, const Json& context);

/// Capabilities in the one spelling that the engine's own tools use, "CAP_NET_RAW", as a set.
Json capability_names(const Json& list);

/// A ServiceSpec as the engine takes it; every seal must have been opened before.
Json sendable(Json service_spec);

/// The inverse, of a ServiceSpec as the engine tells it.
Json readable(Json service_spec);

}  // namespace aegis::docker
