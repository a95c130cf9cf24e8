#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis::docker {

// What a container's label `io.aegisctl.earlier-images` says: which images its service ran before.
// It is written when the container is made and cannot change, so it is the record of what was
// fetched or built for us and is no longer needed.

inline constexpr std::string_view k_earlier_label = "io.aegisctl.earlier-images";

/// The ids in a container's labels, the one to go back to first; empty when there are none.
std::vector<std::string> earlier_images(const Json& labels);

/// The label of the container that replaces the one that `context` (a service's) tells of: its
/// image first when that worked, else behind the last one that did. Empty when there is nothing to
/// remember.
std::string earlier_images_label(const Json& context);

}  // namespace aegis::docker
