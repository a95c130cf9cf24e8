#pragma once

#include <chrono>
#include <string>

#include "kinds/docker/api.h"

namespace aegis::docker {

// Compose's hooks: commands of a service's `post_start` and `pre_stop` that run inside its
// container, {command, user, privileged, working_dir, environment}, seals and all. They are no part
// of the container, and nothing on the engine tells of them: they run when we start or stop it.

inline constexpr std::chrono::minutes k_hook_timeout{10};

/// Runs `hooks` one after the other. Fails with the exit code and the last output of the first that
/// does not end with 0, its secrets left out.
Result<Done> run_hooks(const EngineClient& client, const std::string& container, const Json& hooks);

/// Runs input.hooks in input.container after its start.
Result<Json> run_post_start(const Step& step, const EngineClient& client);

/// Runs input.hooks in input.container before its end; none when it does not run any more.
Result<Json> run_pre_stop(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
