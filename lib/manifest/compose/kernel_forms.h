#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

// What the kernel of the engine's machine does for a container.

/// {weight, weight_device, device_read_bps, device_read_iops, device_write_bps, device_write_iops}:
/// weights from 10 to 1000, rates in bytes or operations a second.
std::optional<Node> read_blkio(const Node& value, Diagnostics& diagnostics);

/// A list of "c 1:3 rwm": type, numbers (or *) and permissions of devices.
std::optional<Node> read_device_rules(const Node& value, Diagnostics& diagnostics);

/// "host" or "private": whose control groups are seen.
std::optional<Node> read_cgroup(const Node& value, Diagnostics& diagnostics);

/// "host": the one namespace of users, and of the host's name, that Docker lets a container choose.
std::optional<Node> read_host(const Node& value, Diagnostics& diagnostics);

/// "default": all that Linux has.
std::optional<Node> read_isolation(const Node& value, Diagnostics& diagnostics);

/// -1000 to 1000.
std::optional<Node> read_oom_score(const Node& value, Diagnostics& diagnostics);

/// 0 to 100.
std::optional<Node> read_swappiness(const Node& value, Diagnostics& diagnostics);

/// Microseconds in a period, or -1 for "no limit".
std::optional<Node> read_cpu_quota(const Node& value, Diagnostics& diagnostics);

}  // namespace aegis::compose
