#pragma once

#include "kinds/docker/api.h"

namespace aegis::docker {

/// Makes the container input.name and attaches it to its networks; starts nothing. One of the same
/// name that an interrupted run made and never started is made anew; any other is a conflict.
/// Output: {id}.
Result<Json> create_container(const Step& step, const EngineClient& client);

/// Undo of it: removes the new container, under whichever of its names, never the old one.
Result<Json> discard_candidate(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
