#pragma once

#include <string_view>

#include "base/json.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {

/// Resource limits and the restart policy: what the engine can change on a running container.

void wanted_limits(Json& attributes, const Json& spec);

void live_limits(Json& attributes, const Json& inspect, const Declared& declared);

/// Adds them to the HostConfig of a create request.
void fill_limits(Json& body, const Json& spec);

/// True for the attributes of this file.
bool is_limit(std::string_view key);

/// True when the engine can take the limit away from an existing container; most it can only
/// change.
bool can_be_lifted(std::string_view key);

/// The body of an update that brings the attributes called in `changed` to `wanted`. Memory never
/// goes without its swap limit: the engine refuses it.
Json update_request(const Json& wanted, const Json& changed);

/// {Name, MaximumRetryCount} of "on-failure:3".
Json restart_policy(std::string_view text);

/// The text of HostConfig.RestartPolicy.
std::string restart_text(const Json& policy);

}  // namespace aegis::docker
