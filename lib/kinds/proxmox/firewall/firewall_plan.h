#pragma once

#include <span>
#include <string>
#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// What is known of each attribute of a firewall.
std::span<const AttributeRule> firewall_rules();

/// Kind::refine: tells of a list of rules which ones are added, moved, changed and removed; refuses
/// macros that the host does not have, and what would shut ourselves out (`blocked`).
void refine_firewall(AttributeChange& attribute,
                     const Json& wanted,
                     const Observation& live,
                     std::string& blocked);

/// Kind::lower. The order: our marker; off, if it is to be off; aliases, sets, groups, rules; the
/// other options, on last; then what nothing names any more.
std::vector<Step> lower_firewall(const Lowering& lowering);

}  // namespace aegis::proxmox
