#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/json.h"
#include "manifest/yaml.h"

namespace aegis {

/// Adds what `schema` does not allow of the value of a scalar (its type is right) to `diagnostics`:
/// sizes without a unit, unknown values, texts of another form or length, numbers out of range. The
/// value of a secret is never repeated.
void check_scalar(const YamlNode& node,
                  const Json& schema,
                  const std::string& path,
                  Diagnostics& diagnostics);

/// True when the value must not be repeated in a message.
bool must_not_be_shown(const YamlNode& node, const Json& schema);

/// `text` for a message: a long one is cut.
std::string shown(const std::string& text);

/// " For example: ..." or "", from the schema.
std::string example_of(const Json& schema);

}  // namespace aegis
