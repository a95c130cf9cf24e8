#pragma once

#include <vector>

#include "effects/effects.h"
#include "model/desired.h"
#include "model/diagnosis.h"
#include "model/endpoint.h"

namespace aegis::proxmox {

/// Tries the ways in to `server`: the API's version, and a call as root where the manifest gives a
/// way to be root. Reads only.
ServerHealth examine(const Server& server, const Scope& scope, Effects& effects);

/// What of the declared resources of `scope` these credentials can neither read nor do, by the
/// permissions that the server tells them. An error when it does not tell.
Result<std::vector<Obstacle>> missing_privileges(const Desired& desired,
                                                 const Scope& scope,
                                                 Effects& effects);

/// What among `changes`, those of a plan for an empty server, only root@pam may do. For servers
/// without a way to be root.
std::vector<Obstacle> root_only(const std::vector<Change>& changes,
                                const Desired& desired,
                                const std::vector<ServerHealth>& servers);

}  // namespace aegis::proxmox
