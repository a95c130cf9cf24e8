#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "commands.h"
#include "session.h"

namespace aegis {
namespace {

Result<Done> write_into(const std::filesystem::path& folder,
                        const std::string& name,
                        const std::string& text) {
  const std::filesystem::path file = folder / name;
  std::error_code ignored;  // the file cannot be written then, and says so
  std::filesystem::create_directories(file.parent_path(), ignored);
  return write_private_file(file, text);
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
      continue;
    }
    const auto written = write_into(options.out, name, text);
    if (written) continue;
    terminal.complain(written.error().message);
    return ExitCode::failure;
  }
  return ExitCode::success;
}

}  // namespace aegis
