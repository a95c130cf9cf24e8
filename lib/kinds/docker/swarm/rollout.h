#pragma once

#include "kinds/docker/api.h"

namespace aegis::docker {

/// Waits until the service input.service runs as it is asked for: the Swarm's update is complete,
/// and all tasks run and go on running for as long as `update_config.monitor` says (5 s without
/// it), at most 5 s. Fails with what the tasks say when the update is paused or rolled back, when
/// tasks fail again and again, and after step.timeout.
Result<Json> wait_for_rollout(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
