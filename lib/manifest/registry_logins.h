#pragma once

#include <chrono>
#include <set>
#include <string>

#include "base/json.h"
#include "manifest/section_reader.h"
#include "manifest/yaml.h"

namespace aegis {

/// The logins for `registries` (names as model/image_registry.h spells them), as {registry: seal}.
/// Behind a seal is the JSON object that the engine's API wants: {username, password,
/// serveraddress}, or {identitytoken, serveraddress}. What the stack itself says (`declared`, its
/// field `registries`, or null) wins over Docker's own file, which is $DOCKER_CONFIG/config.json or
/// ~/.docker/config.json, with the credential helpers that it names. A registry without a login is
/// left out: it is asked as a stranger. A file that is broken, and a helper that cannot be run, are
/// warnings at `where`.
Json registry_logins(const std::set<std::string>& registries,
                     const YamlNode* declared,
                     const SourceSpan& where,
                     Reading& reading);

}  // namespace aegis
