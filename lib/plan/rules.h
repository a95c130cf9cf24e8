#pragma once

#include <span>
#include <string_view>

#include "kinds/kind.h"

namespace aegis {

/// The rule for `path` ("network.eth0.ip"), or null. A rule covers its path and all below it; the
/// one with the most pieces wins, and among those the one with fewer "*".
const AttributeRule* find_rule(std::span<const AttributeRule> rules, std::string_view path);

}  // namespace aegis
