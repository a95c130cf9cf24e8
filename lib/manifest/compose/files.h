#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "base/vault.h"
#include "manifest/compose/node.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

// Compose's configs and secrets: files that a container finds at its start.

/// An entry of the top-level `configs` to {file | environment | content}; `secrets` alike. External
/// ones are errors: there is no place on a single engine that they could be in.
std::optional<Node> read_file_source(const Node& value, Diagnostics& diagnostics);

/// `configs` of a service: names and {source, target, uid, gid, mode}, to a list of the latter. The
/// target of a name alone is "/<name>", a relative one is below "/".
std::optional<Node> read_configs(const Node& value, Diagnostics& diagnostics);

/// `secrets` of a service, likewise; targets are below "/run/secrets".
std::optional<Node> read_secrets(const Node& value, Diagnostics& diagnostics);

/// Puts what the files hold (their paths are absolute) into the service's `configs` and
/// `secrets` as `content`, in place of `source`. Undefined sources, unreadable files, unset
/// variables and two files at one target are errors at their place.
void resolve_files(Node& service,
                   const Node& project,
                   const Variables& variables,
                   Diagnostics& diagnostics);

/// [{target, uid, gid, mode, content}] of a service's resolved `configs` or `secrets`. All contents
/// of secrets are seals, and those of configs that a variable with a secret's name went into.
Json files_json(const Node& uses, bool secret, Vault& vault);

}  // namespace aegis::compose
