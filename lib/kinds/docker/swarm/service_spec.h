#pragma once

#include "kinds/docker/stack.h"

namespace aegis::docker {

/// The ServiceSpec that `docker stack deploy` would make of the service `name`, in the form that
/// container_spec.h describes, with our own labels. `spec`: in Compose's long form, `deploy` not
/// folded. `context`: as for container_spec.
Json swarm_service_spec(const Stack& stack,
                        const std::string& name,
                        const Json& spec,
                        const Json& context);

/// What a user is told of such a spec: its attributes by Compose's names, without what is the
/// engine's default. `network_names`: {id: name}; targets that it does not have are names.
Json swarm_service_shape(const Json& service_spec, const Json& network_names);

}  // namespace aegis::docker
