#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// A service's `volumes` to a list of {type, source, target, read_only, bind: {create_host_path,
/// propagation, selinux} | volume: {nocopy} | tmpfs: {size, mode}}. Short items are
/// "[source:]target[:options]"; a source that starts with ".", "/" or "~" is a path on the host
/// (still as it is written), any other the key of a volume, none an anonymous volume. Targets are
/// absolute and cleaned.
std::optional<Node> read_mounts(const Node& value, Diagnostics& diagnostics);

/// A service's `tmpfs`: "/run" or "/run:size=1m", one or a list, to {path: options}.
std::optional<Node> read_tmpfs(const Node& value, Diagnostics& diagnostics);

/// Permissions of a file, 0755 or 493, to the number.
std::optional<Node> read_mode(const Node& value, Diagnostics& diagnostics);

/// `path` without "." and ".." pieces and without slashes at its end.
std::string clean_path(const std::string& path);

}  // namespace aegis::compose
