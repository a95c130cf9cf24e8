#pragma once

#include <optional>
#include <string>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// "source[:target[:permissions]]" or the long form, to a list of {source, target, permissions}.
std::optional<Node> read_devices(const Node& value, Diagnostics& diagnostics);

/// True for the name of a device that a CDI driver knows: "vendor.com/gpu=all".
bool is_cdi_name(const std::string& source);

/// {name: limit} or {name: {soft, hard}} to {name: {soft, hard}}; -1 is unlimited.
std::optional<Node> read_ulimits(const Node& value, Diagnostics& diagnostics);

/// "host:ip", "host=ip" or a mapping of hosts to one or more addresses, to a list of "host:ip".
/// `host-gateway` stands for the engine's own address.
std::optional<Node> read_extra_hosts(const Node& value, Diagnostics& diagnostics);

/// {driver, options} with the options as texts.
std::optional<Node> read_logging(const Node& value, Diagnostics& diagnostics);

/// {test, interval, timeout, start_period, start_interval, retries, disable}: the test as a list
/// that starts with CMD, CMD-SHELL or NONE, durations as nanoseconds.
std::optional<Node> read_healthcheck(const Node& value, Diagnostics& diagnostics);

/// "no", "always", "unless-stopped", "on-failure" or "on-failure:n".
std::optional<Node> read_restart(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
