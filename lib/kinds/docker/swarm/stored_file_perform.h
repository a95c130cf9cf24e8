#pragma once

#include "kinds/docker/api.h"
#include "kinds/kind.h"

namespace aegis::docker {

/// The steps of swarm_config_kind and swarm_secret_kind: "create", "relabel", "remove" (of
/// input.names; what is gone already is fine) and "adopt".
Result<Json> perform_stored_file(const Step& step, const Outputs& outputs, Effects& effects);

/// Removes those of the configs and secrets named in input.configs and input.secrets that no
/// service uses any more.
Result<Json> remove_replaced_files(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
