#pragma once

#include <filesystem>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/load.h"
#include "model/secret_facts.h"

namespace aegis {

/// What a project knows of its secrets, by name: those that are declared, used or not, and those
/// that are used and not declared. Each is asked for its value, which is forgotten at once. Nothing
/// else of the manifests is checked; what cannot be read as YAML goes to `diagnostics`.
std::vector<SecretFacts> survey_secrets(const std::filesystem::path& folder,
                                        const Environment& environment,
                                        Diagnostics& diagnostics);

}  // namespace aegis
