#pragma once

#include <chrono>

#include "base/json.h"

namespace aegis::docker {

/// The check that a service with `check` gets on an image whose own is `image_check`: every member
/// that `check` leaves out is the image's. {test: ["NONE"]} when it is switched off; null when
/// there is none.
Json wanted_healthcheck(const Json& check, const Json& image_check);

/// The same shape for Config.Healthcheck of a container.
Json live_healthcheck(const Json& engine_check);

/// What the engine makes of a request's check and the image's own, in its own form.
Json merged_healthcheck(const Json& check, const Json& image_check);

/// The Healthcheck of a create request.
Json engine_healthcheck(const Json& check);

/// True when `engine_check` (Config.Healthcheck) really probes.
bool is_probed(const Json& engine_check);

/// How long a container with this check may take to become healthy before it counts as failed:
/// start_period + (retries + 1) x (interval + timeout) + 10 s.
std::chrono::milliseconds health_deadline(const Json& engine_check);

}  // namespace aegis::docker
