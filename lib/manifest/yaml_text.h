#pragma once

#include <string>

#include "base/json.h"

namespace aegis {

/// `value` as a YAML document in block style, keys sorted; every YAML reader, 1.1 and 1.2, reads it
/// back as the same value. Ends in a line end.
std::string to_yaml_text(const Json& value);

/// A scalar (or an empty list or mapping) on one line, in quotes where it could be taken for
/// something else; in single ones where double ones would need backslashes.
std::string yaml_scalar(const Json& value);

}  // namespace aegis
