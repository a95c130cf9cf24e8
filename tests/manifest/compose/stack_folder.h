#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "manifest/compose/stack.h"

namespace aegis::test {

/// What came of loading a stack.
struct LoadedStack {
  StackResources result;
  Diagnostics diagnostics;

  /// The spec of "service/web"; null when there is no such resource.
  [[nodiscard]] Json spec(const std::string& kind_and_name) const;
  [[nodiscard]] const Resource* find(const std::string& kind_and_name) const;
  /// "compose.yaml:3:5 error: summary: detail", one a diagnostic, in the order they were found;
  /// notes are left out.
  [[nodiscard]] std::vector<std::string> problems() const;
  /// All texts of all diagnostics, for searching.
  [[nodiscard]] std::string everything_said() const;
};

/// A stack's folder in the temporary directory; gone with the object.
class StackFolder {
 public:
  StackFolder();
  ~StackFolder();
  StackFolder(const StackFolder&) = delete;
  StackFolder& operator=(const StackFolder&) = delete;

  StackFolder& write(const std::string& file, const std::string& text);

  /// Loads the stack "core" (project "core") from `files`.
  LoadedStack load(std::vector<std::filesystem::path> files = {"compose.yaml"});

  /// What a sealed `value` holds; "(not sealed)" for any other.
  [[nodiscard]] std::string opened(const Json& value) const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  StackInput input;                            ///< may be changed before `load`
  std::map<std::string, std::string> process;  ///< the process environment
  Vault vault;

 private:
  std::filesystem::path path_;
};

/// A stack of one file.
LoadedStack load_text(const std::string& text,
                      const std::map<std::string, std::string>& process = {});

/// The spec of the service `web` whose body (indented by 4) is `body`, on top of an image. Fails
/// the test when there is an error.
Json web_spec(const std::string& body);

/// The problems of the same.
std::vector<std::string> web_problems(const std::string& body);

}  // namespace aegis::test
