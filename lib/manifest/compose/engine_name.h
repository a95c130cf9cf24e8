#pragma once

#include <string>

#include "manifest/compose/node.h"

namespace aegis::compose {

/// The name on the engine of the network or volume `key`: its `name`, else the key when it is
/// external, else "<project>_<key>".
std::string engine_name(const Node& definition,
                        const std::string& key,
                        const std::string& project_name);

/// True when the definition says `external: true`.
bool is_external(const Node& definition);

}  // namespace aegis::compose
