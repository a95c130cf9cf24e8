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

/// Reads every *.yaml and *.yml in `folder` itself, except files named like Compose files and those
/// that a stack names as its Compose files. Everything wrong goes to `diagnostics`: no file, an
/// unreadable one, one above 16 MiB, broken YAML, a name that stands twice (with both places).
/// `more` are texts, by file name, that count as if they stood in the folder.
ProjectFiles read_project(const std::filesystem::path& folder,
                          const std::map<std::string, std::string>& more,
                          Diagnostics& diagnostics);

}  // namespace aegis
