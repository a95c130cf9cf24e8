#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/diagnostic.h"
#include "manifest/yaml.h"

namespace aegis {

/// The manifests of a folder, read and merged.
struct ProjectFiles {
  YamlNode root;  ///< a mapping of sections, each a mapping by name
  std::map<std::string, std::string> sources;
};

/// Reads every *.yaml and *.yml in `folder` itself, except files named like Compose files. A name
/// that stands in two files is an error with both places; everything wrong goes to `diagnostics`.
ProjectFiles read_project(const std::filesystem::path& folder, Diagnostics& diagnostics);

}  // namespace aegis
