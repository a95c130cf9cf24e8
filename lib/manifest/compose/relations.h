#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// What a service has to do with other things of the stack.

/// `networks` of a service: a list of keys or a mapping, to {key: {aliases, ipv4_address,
/// ipv6_address, mac_address, priority, link_local_ips, driver_opts, gw_priority, interface_name}}.
std::optional<Node> read_attachments(const Node& value, Diagnostics& diagnostics);

/// `depends_on`: a list of services or a mapping, to {service: {condition, restart, required}}.
std::optional<Node> read_depends_on(const Node& value, Diagnostics& diagnostics);

/// `env_file`: a path, or a list of paths and {path, required, format}, to a list of the latter.
std::optional<Node> read_env_file(const Node& value, Diagnostics& diagnostics);

/// `label_file`: a path or a list of paths, to a list of {path}.
std::optional<Node> read_label_file(const Node& value, Diagnostics& diagnostics);

/// `mac_address` of a service.
std::optional<Node> read_mac_address(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
