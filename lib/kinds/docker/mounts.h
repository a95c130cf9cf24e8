#pragma once

#include "base/json.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {

/// What is mounted into a container: `volumes` {target: {type, source, read_only, ...}} with the
/// engine's names of volumes as sources, and `tmpfs` {target: options}.

/// `volume_names`: {key: engine name} of the Compose file's volumes.
void wanted_mounts(Json& attributes, const Json& spec, const Json& volume_names);

/// Anonymous volumes that were not asked for come from the image and are never a difference; nor is
/// a propagation that was not: the engine gives one to binds that hold its own data.
void live_mounts(Json& attributes, const Json& inspect, const Declared& declared);

/// The anonymous volumes of a container, [{name, target}]: their data moves on to its replacement.
Json anonymous_volumes(const Json& inspect);

/// HostConfig.Binds, Mounts and Tmpfs of a create request. `carried`: anonymous volumes of the
/// predecessor to mount again.
void fill_mounts(Json& body, const Json& spec, const Json& volume_names, const Json& carried);

/// For a container that somebody else made: SELinux's letters of volumes are as wanted, because not
/// every version of `docker compose` passes them on.
void accept_volume_letters(Json& attributes, const Json& wanted);

}  // namespace aegis::docker
