#pragma once

#include <string>

#include "base/json.h"
#include "base/vault.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// A finished project (services selected, environment read, defaults added, `deploy` not folded) in
/// the form of `docker compose config --format json`: {name, services, networks, volumes}. Ports,
/// mounts and dependencies in their long form, the environment as a mapping, sizes as texts of
/// bytes, durations as "1m30s". Secrets are "[redacted]".
Json project_model(const Node& project, const std::string& project_name, Vault& vault);

}  // namespace aegis::compose
