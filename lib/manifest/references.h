#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "base/diagnostic.h"
#include "base/secret.h"
#include "manifest/load.h"
#include "manifest/yaml.h"

namespace aegis {

/// Where the values of references come from.
struct ReferenceSources {
  std::filesystem::path folder;  ///< the project's; relative files are below it
  const Environment& environment;
  const YamlNode* secrets = nullptr;  ///< the `secrets` section, or null
};

/// Replaces ${env:X}, ${file:path} and ${secret:name} in every text below `node`; "$${" stands for
/// "${". A plain scalar that becomes "8" is an integer afterwards. What cannot be resolved is
/// reported at its place. Texts that hold a secret are marked: see is_secret.
void resolve_references(YamlNode& node, const ReferenceSources& sources, Diagnostics& diagnostics);

/// True for a scalar whose text came from a ${secret:} reference.
bool is_secret(const YamlNode& node);

}  // namespace aegis
