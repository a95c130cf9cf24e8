#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis {

/// Where the scripts of backups are, on the system whose data they save.
inline constexpr std::string_view k_scripts_folder = "/usr/local/lib/aegisctl";

/// The text of manifest/scripts/`name`.sh as it was built in, or an empty one.
std::string_view backup_script_part(std::string_view name);

/// What the scripts of all entries have in common (manifest/scripts), as a file of that folder.
std::string backup_library();

/// Who uses data and is stopped while they are swapped: a unit of systemd, or a service.
struct BackupUser {
  std::string name;
  std::string project;  ///< of Compose; empty: a unit
};

/// What a script is told beyond the fields of its entry.
struct BackupScript {
  std::string name;                ///< of the entry
  std::string source;              ///< "postgres", "directories", "volumes", "git" or "command"
  std::vector<std::string> items;  ///< databases, paths, or the engine's names of volumes
  std::vector<std::string> command;
  std::string folder;   ///< where the copies are made
  std::string project;  ///< of Compose, when PostgreSQL runs in a service
  std::vector<BackupUser> users = {};
};

/// The script of one entry. `spec` holds the entry as the manifest has it. Every value is one word
/// of the shell, whatever is in it.
std::string backup_script(const BackupScript& script, const Json& spec);

}  // namespace aegis
