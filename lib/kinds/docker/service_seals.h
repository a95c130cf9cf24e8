#pragma once

#include <string_view>

#include "base/json.h"
#include "base/vault.h"

namespace aegis::docker {

/// Seals in `attributes` (of a live container, network or volume) what must not be shown: values
/// whose desired counterpart in `wanted` is sealed, values that were sealed when the container was
/// made
/// (`sealed_label`, a comma list of paths), and every environment variable that `wanted`, the
/// image's own included, does not name. A value equal to the desired one becomes the desired one,
/// so that no difference is seen.
void seal_live(Json& attributes, const Json& wanted, std::string_view sealed_label, Vault& vault);

}  // namespace aegis::docker
