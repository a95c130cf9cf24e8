#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "base/vault.h"
#include "manifest/compose/node.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

// Compose's configs and secrets: files that a container finds at its start.

/// An entry of the top-level `configs` to {file | environment | content | external, name, labels,
/// driver, template_driver}; `secrets` alike.
std::optional<Node> read_file_source(const Node& value, Diagnostics& diagnostics);

/// Tells what the project's configs and secrets cannot be: on one engine external, because there is
/// no place that they could be in, or made by a driver.
void check_file_sources(const Node& project, bool for_swarm, Diagnostics& diagnostics);

/// `configs` of a service: names and {source, target, uid, gid, mode}, to a list of the latter. The
/// target of a name alone is "/<name>", a relative one is below "/".
std::optional<Node> read_configs(const Node& value, Diagnostics& diagnostics);

/// `secrets` of a service, likewise; targets are below "/run/secrets".
std::optional<Node> read_secrets(const Node& value, Diagnostics& diagnostics);

/// Puts what the files hold (their paths are absolute) into the service's `configs` and
/// `secrets` as `content`, in place of `source`. Undefined sources, unreadable files, unset
/// variables and two files at one target are errors at their place. External ones get no `content`.
/// `for_swarm`: `source` stays, too.
void resolve_files(Node& service,
                   const Node& project,
                   bool for_swarm,
                   const Variables& variables,
                   Diagnostics& diagnostics);

/// [{source, target, uid, gid, mode, content}], what there is of it, of a service's resolved
/// `configs` or `secrets`. All contents of secrets are seals, and those of configs that a variable
/// with a secret's name went into.
Json files_json(const Node& uses, bool secret, Vault& vault);

}  // namespace aegis::compose
