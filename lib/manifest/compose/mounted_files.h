#pragma once

#include <filesystem>

#include "manifest/compose/node.h"

namespace aegis::compose {

/// Gives every file below `folder` that a service mounts read-only (paths are absolute) the SHA-256
/// of what it holds as `content_digest`, so that a change of it is a change of the service.
void add_content_digests(Node& service, const std::filesystem::path& folder);

}  // namespace aegis::compose
