#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/compose/extension.h"
#include "manifest/compose/node.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

/// The files of one project, and who names them: for messages.
struct ProjectFiles {
  std::filesystem::path folder;              ///< relative paths in the files start here
  std::vector<std::filesystem::path> files;  ///< relative to `folder`; later ones are merged over
  SourceSpan named_at;
  std::string named_by;  ///< "The stack `core`"
};

/// The canonical project that the files make together: what they include read, what their services
/// extend filled in, merged in their order, paths absolute. What could not be read is missing.
Node read_project_files(const ProjectFiles& project, const FileReading& reading);

}  // namespace aegis::compose
