#include "manifest/project_folder.h"

#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace aegis::test {

ProjectFolder::ProjectFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "aegis-project-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

ProjectFolder::~ProjectFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ProjectFolder& ProjectFolder::write(const std::string& file, const std::string& text) {
  std::filesystem::create_directories((path_ / file).parent_path());
  std::ofstream(path_ / file, std::ios::binary) << text;
  return *this;
}

ProjectFolder& ProjectFolder::set(const std::string& variable, const std::string& value) {
  variables_[variable] = value;
  return *this;
}

Manifests ProjectFolder::load() {
  const Environment environment = [this](const std::string& name) -> std::optional<std::string> {
    const auto found = variables_.find(name);
    if (found == variables_.end()) return std::nullopt;
    return found->second;
  };
  return aegis::load(path_, environment, vault_);
}

std::vector<std::string> described(const Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : diagnostics) {
    const std::string severity = diagnostic.severity == Severity::warning ? "warning " : "";
    const std::string where = diagnostic.where ? to_string(*diagnostic.where) : "nowhere";
    lines.push_back(severity + where + " " + diagnostic.summary);
  }
  return lines;
}

std::string details(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += diagnostic.detail + "\n";
  return text;
}

}  // namespace aegis::test
