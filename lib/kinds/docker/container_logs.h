#pragma once

#include <string>
#include <string_view>

#include "kinds/docker/api.h"

namespace aegis::docker {

/// The text in a stream of frames ([type, 0, 0, 0, length], payload), both outputs mixed as they
/// came; a torn last frame is dropped.
std::string unframed(std::string_view stream);

/// The last lines of a container's output, with every secret of `secrets` (seals) replaced. Empty
/// when they cannot be read.
std::string last_lines(const EngineClient& client, const Json& inspect, const Json& secrets);

}  // namespace aegis::docker
