#pragma once

#include "base/json.h"
#include "kinds/docker/stack.h"
#include "model/desired.h"

namespace aegis::docker {

/// The body of `POST /containers/create` for `service`, but for its environment and its networks'
/// endpoints, which are put in when it is sent. May hold seals. `wanted` and `context` are those of
/// the kind; `carried` are anonymous volumes to mount again.
Json create_request(const Stack& stack,
                    const Resource& service,
                    const Json& wanted,
                    const Json& context,
                    const Json& carried);

/// The anonymous volumes of the present container that its replacement must keep.
Json carried_volumes(const Json& wanted, const Json& context, const Json& live_attributes);

}  // namespace aegis::docker
