#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "commands.h"
#include "session.h"

namespace aegis {
namespace {

namespace fs = std::filesystem;

bool write_file(const fs::path& file, const std::string& text) {
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  return stream.flush().good();
}

}  // namespace

ExitCode run_alerts(const Options& options, Terminal& terminal) {
  const Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const auto& files = session.manifests().alert_files;
  if (files.empty()) {
    terminal.complain("the manifests have no section `alerts`; see `aegisctl explain alerts`");
    return ExitCode::invalid;
  }
  for (const auto& [name, text] : files) {
    if (options.out.empty()) {
      if (!terminal.print(fmt::format("--- # {}\n{}", name, text))) return ExitCode::failure;
    } else if (!write_file(options.out / name, text)) {
      terminal.complain(fmt::format("cannot write {}", (options.out / name).string()));
      return ExitCode::failure;
    }
  }
  return ExitCode::success;
}

}  // namespace aegis
