#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

/// What reading a file needs, and where what is found goes.
struct FileReading {
  const Variables& variables;
  Diagnostics& diagnostics;
  std::map<std::string, std::string>& sources;  ///< texts of the files read, by name
};

/// Gives every service of a canonical document what it extends: the other service, of the same
/// document or of another file, with its own values merged over. `file` is the document's name,
/// `folder` where the paths of other files start. Those files' relative paths start in their own
/// folders. Services and files that are not there and circles are errors at their places.
void extend_services(Node& project,
                     const std::string& file,
                     const std::filesystem::path& folder,
                     const FileReading& reading);

}  // namespace aegis::compose
