#pragma once

#include <string_view>

namespace aegis {

/// The text of schemas/`name`.schema.json as it was built in, or an empty one.
std::string_view schema_text(std::string_view name);

}  // namespace aegis
