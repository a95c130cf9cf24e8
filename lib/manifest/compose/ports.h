#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// Published ports to a list of {target, published, host_ip, protocol}, with mode, name and
/// app_protocol where they are said. Short items are
/// "[ip:][host[-end]:]container[-end][/protocol]"; ranges of one length are paired off, a host
/// range over one container port stays a range to choose from. `published` is "" for a port that
/// the engine chooses, `host_ip` is "" for all addresses.
std::optional<Node> read_ports(const Node& value, Diagnostics& diagnostics);

/// Notes and drops what only a cluster heeds of a service's `ports`.
void drop_cluster_port_keys(Node& service, Diagnostics& diagnostics);

/// Ports that are only documented: 80, "80/udp", "3000-3005" to ["80/tcp", ..].
std::optional<Node> read_expose(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
