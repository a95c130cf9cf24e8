#pragma once

#include <string>

#include "manifest/compose/node.h"
#include "manifest/compose/stack.h"

namespace aegis::compose {

/// The resources of a finished project: services, networks and volumes, in that order, each sorted
/// by name. Secrets are sealed in `vault`; those that cannot be are errors.
std::vector<Resource> make_resources(const Node& project,
                                     const StackInput& input,
                                     Vault& vault,
                                     Diagnostics& diagnostics);

/// {key: {name, external}} of a section of a finished project.
Json name_table(const Node* section, const std::string& project_name);

}  // namespace aegis::compose
