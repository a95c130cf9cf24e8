#pragma once

#include "kinds/docker/api.h"

namespace aegis::docker {

/// Restarts input.container if it runs and was started before one of the containers input.after
/// (ids or names) was made; otherwise it has been done, or is not needed.
Result<Json> restart_container(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
