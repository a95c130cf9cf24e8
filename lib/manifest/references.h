#pragma once

#include <filesystem>

#include "base/diagnostic.h"
#include "base/json.h"
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
/// "${". What cannot be resolved is reported at its place, and left as it was written. The texts
/// that held a reference are marked: see the questions below.
void resolve_references(YamlNode& node, const ReferenceSources& sources, Diagnostics& diagnostics);

/// True for a scalar whose text came from a ${secret:} reference.
bool is_secret(const YamlNode& node);

/// True for a text that came from ${env:} or ${file:} references alone.
bool is_from_outside(const YamlNode& node);

/// True for a scalar with a reference that could not be resolved: nothing else can be said of it.
bool is_unresolved(const YamlNode& node);

/// Gives the scalars that came from references the types that `schema` asks for: "8006" from a
/// variable is a number where a number is wanted, and a text where a text is.
void settle_types(YamlNode& node, const Json& schema);

}  // namespace aegis
