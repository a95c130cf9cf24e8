#pragma once

#include "kinds/docker/api.h"

namespace aegis::docker {

// The short operations on containers. Each succeeds when its end state is there already. Inputs:
// `container` is an id or a name; `name` a name; the rest as told.

Result<Json> start_container(const Step& step, const EngineClient& client);

/// With the container's own stop signal and grace.
Result<Json> stop_container(const Step& step, const EngineClient& client);

/// Undo of stop.
Result<Json> start_again(const Step& step, const EngineClient& client);

/// Undo of start: stops the container called input.container unless it is input.old.
Result<Json> stop_started(const Step& step, const EngineClient& client);

/// Stops and removes. Its anonymous volumes stay, as they may be mounted elsewhere by now, but for
/// those in input.file_volumes [{name}].
Result<Json> remove_container(const Step& step, const EngineClient& client);

/// Sends input.body as an update.
Result<Json> update_container(const Step& step, const EngineClient& client);

/// Calls it input.name.
Result<Json> rename_container(const Step& step, const EngineClient& client);

/// Takes the old container out of service: it is called input.aside, and the engine does not start
/// it by itself.
Result<Json> park_container(const Step& step, const EngineClient& client);

/// Undo of park: its old name input.name and its old policy input.restart.
Result<Json> unpark_container(const Step& step, const EngineClient& client);

/// Gives input.candidate the name input.name.
Result<Json> promote_candidate(const Step& step, const EngineClient& client);

/// Undo of promote.
Result<Json> demote_candidate(const Step& step, const EngineClient& client);

/// Attaches to input.network as input.settings says; when input.attached, detaches first.
Result<Json> attach_container(const Step& step, const EngineClient& client);

Result<Json> detach_container(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
