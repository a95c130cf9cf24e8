#pragma once

#include <optional>
#include <string>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

// Which namespaces a service shares, and with whom.

/// bridge, host, none, "service:NAME" or "container:NAME".
std::optional<Node> read_network_mode(const Node& value, Diagnostics& diagnostics);

/// host, "service:NAME" or "container:NAME".
std::optional<Node> read_pid(const Node& value, Diagnostics& diagnostics);

/// host, private, shareable, none, "service:NAME" or "container:NAME".
std::optional<Node> read_ipc(const Node& value, Diagnostics& diagnostics);

/// The service that a mode such as "service:vpn" names; empty for any other.
std::string shared_service(const std::string& mode);

/// True for "service:vpn" and "container:vpn".
bool is_shared(const std::string& mode);

}  // namespace aegis::compose
