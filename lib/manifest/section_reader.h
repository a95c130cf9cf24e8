#pragma once

#include <filesystem>
#include <map>
#include <set>
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
  bool stack_models;     ///< LoadOptions::stack_models
  /// By section, the names of the entries that are left out because something in them is wrong.
  std::map<std::string, std::set<std::string>> wrong;

  void error(const SourceSpan& where,
             std::string summary,
             std::string detail,
             std::optional<SourceSpan> related = std::nullopt);
  void warn(const SourceSpan& where, std::string summary, std::string detail);

  /// Reports that `section` has no `name`, with what may have been meant of `known`. Says nothing
  /// when it is there and wrong: that has been reported.
  void unknown(const std::string& section,
               const std::string& name,
               const std::vector<std::string>& known,
               const SourceSpan& where);
};

/// Each reads its section (checked against its schema before) into `reading.manifests`; in this
/// order, because containers name servers, stacks name both, backups name guests,
/// and alerts name all.
void read_servers(const YamlNode& section, Reading& reading);
void read_containers(const YamlNode& section, Reading& reading);
void read_machines(const YamlNode& section, Reading& reading);
void read_stacks(const YamlNode& section, Reading& reading);
void read_backups(const YamlNode& section, Reading& reading);
void read_zones(const YamlNode& section, Reading& reading);
void read_alerts(const YamlNode& section, Reading& reading);

}  // namespace aegis
