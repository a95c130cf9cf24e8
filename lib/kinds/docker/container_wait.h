#pragma once

#include "kinds/docker/api.h"

namespace aegis::docker {

/// Waits until the container input.container works: healthy when it has a health check, else still
/// running, in the same life, after a second. A container that need not run for ever may also have
/// ended with exit code 0. Otherwise the error tells how it ended, with its last lines; those are
/// cleaned of the secrets behind the seals in input.secrets.
Result<Json> wait_until_works(const Step& step, const EngineClient& client);

/// Waits until the service input.dependency of input.project meets input.condition:
/// service_started, service_healthy or service_completed_successfully. When input.required is false
/// a failure is told and let pass.
Result<Json> wait_for_dependency(const Step& step, const EngineClient& client);

/// Lets input.nanoseconds pass.
Result<Json> let_time_pass(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
