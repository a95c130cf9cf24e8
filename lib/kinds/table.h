#pragma once

#include <span>
#include <string_view>

#include "kinds/kind.h"

namespace aegis {

/// Every kind there is, in a fixed order.
std::span<const Kind> all_kinds();

/// Those that are only planned when somebody asks to clean up: what they would remove is no
/// difference between the manifests and the live systems.
std::span<const Kind> upkeep_kinds();

/// The kind called `name` among `kinds`, or null.
const Kind* find_kind(std::span<const Kind> kinds, std::string_view name);

}  // namespace aegis
