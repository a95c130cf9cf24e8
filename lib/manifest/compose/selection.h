#pragma once

#include <set>
#include <string>
#include <vector>

#include "manifest/compose/node.h"

namespace aegis::compose {

/// Removes the services that `profiles` do not enable from a merged project, and optional
/// dependencies on services that are not there. A service without profiles is always enabled, "*"
/// enables all. Returns the names of the removed services.
std::set<std::string> select_services(Node& project, const std::vector<std::string>& profiles);

/// Gives every service that joins no network and has no network mode the network "default", and
/// the project the definitions that this needs.
void add_default_network(Node& project);

/// Removes the networks and volumes that no service uses.
void drop_unused(Node& project);

}  // namespace aegis::compose
