#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/diagnostic.h"
#include "base/vault.h"
#include "model/alerting.h"
#include "model/backup.h"
#include "model/desired.h"
#include "model/endpoint.h"

namespace aegis {

/// The value of an environment variable, or nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// What a folder of manifests says.
struct Manifests {
  Desired desired;
  Connections connections;
  Diagnostics diagnostics;  ///< sorted by place; with errors: do not plan
  Backups backups;
  std::map<std::string, Json> stack_models;        ///< by stack: LoadOptions::stack_models
  std::map<std::string, std::string> alert_files;  ///< of `alerts`, by name; secrets redacted
  std::optional<Alerting> alerting;                ///< of `alerts`, when it is there and right
  std::map<std::string, std::string> sources;  ///< file name -> text, to show the lines in question
};

struct LoadOptions {
  /// Texts, by file name, that count as if they stood in the folder.
  std::map<std::string, std::string> more = {};
  /// Whether each stack's Compose files are wanted resolved too, in Compose's own form.
  bool stack_models = false;
};

/// Reads every *.yaml and *.yml in `folder` itself (sub-folders hold Compose files and the like,
/// which are read when a manifest names them), merges them, resolves references
/// (${env:X}, ${file:path}, ${secret:name}) and gives the resources of every section. Finds all
/// mistakes, not only the first. Never throws; file names are relative to `folder`.
Manifests load(const std::filesystem::path& folder,
               const Environment& environment,
               Vault& vault,
               const LoadOptions& options = {});

}  // namespace aegis
