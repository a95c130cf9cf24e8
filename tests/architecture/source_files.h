#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace aegis::test {

/// A tracked kind of file of the project, with what the architecture tests ask of it.
struct SourceFile {
  std::string path;                   ///< relative to the project's root
  std::string folder;                 ///< "lib/plan" for everything below it, "cli", "tests"
  std::vector<std::string> includes;  ///< as written between <> or ""
  std::size_t lines = 0;
};

/// Every .h and .cpp below `folder` ("lib", "cli"), sorted by path.
std::vector<SourceFile> source_files(const std::string& folder);

}  // namespace aegis::test
