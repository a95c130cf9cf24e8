#pragma once

#include <optional>
#include <string>

namespace aegis {

/// The variable `name` of this process's environment, or nothing when it is not set.
std::optional<std::string> environment_variable(const std::string& name);

}  // namespace aegis
