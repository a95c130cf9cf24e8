#pragma once

#include "base/json.h"

namespace aegis::test {

/// What an independent JSON Schema validator says of `document`. Throws std::runtime_error when it
/// cannot read the schema.
bool is_valid(const Json& schema, const Json& document);

}  // namespace aegis::test
