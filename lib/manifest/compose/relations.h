#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// What a service has to do with other things of the stack, and with the engine's namespaces.

/// `networks` of a service: a list of keys or a mapping, to {key: {aliases, ipv4_address,
/// ipv6_address, mac_address, priority}}.
std::optional<Node> read_attachments(const Node& value, Diagnostics& diagnostics);

/// `depends_on`: a list of services or a mapping, to {service: {condition, restart, required}}.
std::optional<Node> read_depends_on(const Node& value, Diagnostics& diagnostics);

/// `env_file`: a path, or a list of paths and {path, required, format}, to a list of the latter.
std::optional<Node> read_env_file(const Node& value, Diagnostics& diagnostics);

/// bridge, host or none.
std::optional<Node> read_network_mode(const Node& value, Diagnostics& diagnostics);

/// host.
std::optional<Node> read_pid(const Node& value, Diagnostics& diagnostics);

/// host, private, shareable or none.
std::optional<Node> read_ipc(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
