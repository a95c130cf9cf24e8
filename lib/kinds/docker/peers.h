#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json.h"

namespace aegis::docker {

// Other containers that a service names: those whose namespaces or volumes it shares, and those it
// is linked to. In the Compose file they are services or containers, on the engine ids or names.

/// The names of the containers of `service`, which `spec` names, in order: its spec's `peers`
/// {service: {container_name, count}} tell what is not usual about them.
std::vector<std::string> peer_names(const std::string& project,
                                    const Json& spec,
                                    const std::string& service);

/// The services whose network, processes or memory `spec` shares.
std::vector<std::string> joined_services(const Json& spec);

/// The service whose network `spec` shares; empty when it shares none.
std::string network_owner(const Json& spec);

/// True when `spec` asks to share something with `service` that it shares already, by `live`.
bool joins(const Json& spec, const Json& live, const std::string& service);

/// "container:alias" for all links and external links of `spec`, sorted.
Json link_list(const std::string& project, const Json& spec);

/// Replaces in a create request's HostConfig the services that are named by their containers.
void name_containers(Json& host, const std::string& project, const Json& spec);

/// The names of the engine's containers by their ids.
using ContainerNames = std::unordered_map<std::string, std::string>;

/// `inspect` with the ids in its HostConfig as the Compose file would name them: "service:vpn" when
/// `spec` asks for that and it is that service's container, else "container:name". Nothing when
/// there are none.
std::optional<Json> with_peers_named(const Json& inspect,
                                     const std::string& project,
                                     const Json& spec,
                                     const ContainerNames& names);

}  // namespace aegis::docker
