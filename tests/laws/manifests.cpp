#include "laws/manifests.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <utility>

#include "engine/temporary_folder.h"
#include "manifest/load.h"

namespace aegis::laws {
namespace {

void write_files(const std::map<std::string, std::string>& files,
                 const std::filesystem::path& folder) {
  for (const auto& [name, text] : files) {
    const auto path = folder / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
}

}  // namespace

Wanted from_manifests(std::map<std::string, std::string> files) {
  return [files = std::move(files)](Vault& vault) {
    const TemporaryFolder folder;
    write_files(files, folder.path());
    const auto no_environment = [](const std::string&) { return std::optional<std::string>{}; };
    Manifests manifests = load(folder.path(), no_environment, vault);
    for (const Diagnostic& diagnostic : manifests.diagnostics) {
      if (diagnostic.severity != Severity::error) continue;
      throw std::runtime_error(diagnostic.summary + ": " + diagnostic.detail);
    }
    return std::move(manifests.desired);
  };
}

}  // namespace aegis::laws
