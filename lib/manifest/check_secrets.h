#pragma once

#include "base/diagnostic.h"
#include "base/json.h"
#include "manifest/yaml.h"

namespace aegis {

/// Reports every value below `node` that came from a ${secret:} reference and stands in a field
/// that plans and messages show. Secrets may stand in fields that `schema` marks with "x-secret",
/// and everywhere below what it marks with "x-takes-secrets".
void check_secrets(const YamlNode& node, const Json& schema, Diagnostics& diagnostics);

}  // namespace aegis
