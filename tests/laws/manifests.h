#pragma once

#include <map>
#include <string>

#include "laws/laws.h"

namespace aegis::laws {

/// What a folder of manifests (file name -> text) wants. Reading it throws std::runtime_error with
/// what is wrong with them.
Wanted from_manifests(std::map<std::string, std::string> files);

}  // namespace aegis::laws
