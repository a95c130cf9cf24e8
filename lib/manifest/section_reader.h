#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/vault.h"
#include "manifest/load.h"
#include "manifest/yaml.h"

namespace aegis {

/// What the readers of sections share while a project is loaded.
struct Reading {
  const std::filesystem::path& folder;
  const Environment& environment;
  Vault& vault;
  Manifests& manifests;  ///< what is read goes in here, diagnostics too

  void error(const SourceSpan& where,
             std::string summary,
             std::string detail,
             std::optional<SourceSpan> related = std::nullopt);
  void warn(const SourceSpan& where, std::string summary, std::string detail);
};

/// Each reads its section (checked against its schema before) into `reading.manifests`; in this
/// order, because containers name servers and stacks name both.
void read_servers(const YamlNode& section, Reading& reading);
void read_containers(const YamlNode& section, Reading& reading);
void read_stacks(const YamlNode& section, Reading& reading);

/// " Did you mean `x`?" or "".
std::string suggestion(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace aegis
