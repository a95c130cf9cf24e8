#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/json.h"
#include "manifest/yaml.h"

namespace aegis {

/// Adds everything in `node` that `schema` does not allow to `diagnostics`, each with its place and
/// what to do: wrong types, unknown keys and values (with what may have been meant), missing keys,
/// numbers out of range, texts of another form. `path` names the node for people
/// ("containers.web").
void check(const YamlNode& node,
           const Json& schema,
           const std::string& path,
           Diagnostics& diagnostics);

}  // namespace aegis
