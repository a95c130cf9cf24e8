#pragma once

#include "base/json.h"

namespace aegis::docker {

/// What runs in a container: command, environment, user, health check, labels. The engine merges
/// the image's configuration into these when it makes the container, and inspect cannot tell the
/// two apart; so the desired side is merged in the same way, by the engine's own rules.

/// Adds the attributes that `spec` asks of an image with configuration `image` (null: unknown).
void wanted_process(Json& attributes, const Json& spec, const Json& image);

/// Adds the attributes of the container `config` (Config of its inspect). `hostname` is compared
/// only when the desired side names one: undeclared it is the container's id.
void live_process(Json& attributes, const Json& config, bool hostname);

/// Adds the members of a create request, all but Env and Labels.
void fill_process(Json& body, const Json& spec);

/// {KEY: value} as the engine's ["KEY=value"]; null gives "KEY", which unsets it.
Json environment_list(const Json& environment);

/// The engine's list as {KEY: value}; false stands for "unset".
Json environment_map(const Json& list);

}  // namespace aegis::docker
