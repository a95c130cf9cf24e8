#pragma once

#include <filesystem>

#include "base/json.h"
#include "base/result.h"
#include "simulator/world.h"

namespace aegis::simulator {

/// Everything of `world` that outlives the process, as JSON. Holds secrets: the file is the owner's
/// only.
Json state_json(const World& world);

/// Writes the state to `folder` (made when it is missing) so that a crash leaves the old file or
/// the new one. An `io` error names the file.
Result<Done> save_state(const World& world, const std::filesystem::path& folder);

/// Brings `world` to the state in `folder`; without a state file it stays as it is and false comes
/// back. A file that cannot be read or understood is an `io` error and stays untouched.
Result<bool> load_state(World& world, const std::filesystem::path& folder);

}  // namespace aegis::simulator
