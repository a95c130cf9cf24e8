#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/vault.h"
#include "manifest/load.h"

namespace aegis::test {

/// A project folder of its own that goes away at the end of the test.
class ProjectFolder {
 public:
  ProjectFolder();
  ~ProjectFolder();
  ProjectFolder(const ProjectFolder&) = delete;
  ProjectFolder& operator=(const ProjectFolder&) = delete;

  /// Writes a file and the folders above it; gives this folder back, so that calls chain.
  ProjectFolder& write(const std::string& file, const std::string& text);

  /// The variables that the manifests see; there are no others.
  ProjectFolder& set(const std::string& variable, const std::string& value);

  Manifests load();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  Vault& vault() { return vault_; }

 private:
  std::filesystem::path path_;
  std::map<std::string, std::string> variables_;
  Vault vault_;
};

/// "file:line:column summary" of each, in their order; warnings start with "warning ".
std::vector<std::string> described(const Diagnostics& diagnostics);

/// All details, one a line: to look for words in.
std::string details(const Diagnostics& diagnostics);

}  // namespace aegis::test
