#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <string>
#include <utility>

#include "allocator.h"
#include "commands.h"
#include "interrupt.h"
#include "usage_hint.h"
#include "version.h"

namespace aegis {
namespace {

using Command = ExitCode (*)(const Options&, Terminal&);

constexpr std::array<std::pair<std::string_view, Command>, 22> k_commands{{
    {"validate", run_validate}, {"plan", run_plan},       {"apply", run_apply},
    {"drift", run_drift},       {"destroy", run_destroy}, {"import", run_import},
    {"graph", run_graph},       {"doctor", run_doctor},   {"explain", run_explain},
    {"secrets", run_secrets},   {"status", run_status},   {"stack", run_stack},
    {"alerts", run_alerts},     {"backup", run_backup},   {"restore", run_restore},
    {"drill", run_drill},       {"rebuild", run_rebuild}, {"unlock", run_unlock},
    {"init", run_init},         {"version", run_version}, {"simulate", run_simulate},
    {"relay", run_relay},
}};

ExitCode run_command(const CLI::App& app, const Options& options) {
  Terminal terminal(options.no_color);
  if (options.command == "completion") return run_completion(app, options, terminal);
  for (const auto& [name, command] : k_commands) {
    if (name == options.command) return command(options, terminal);
  }
  return ExitCode::failure;
}

ExitCode run(int argc, char** argv) {
  CLI::App app{
      "Declares one Proxmox server: its containers, their Docker stacks, and keeps them so.",
      "aegisctl"};
  Options options;
  app.set_version_flag("--version", fmt::format("aegisctl {}", k_version));
  declare_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    const bool is_mistake = problem.get_exit_code() != 0;
    const std::string hint = is_mistake ? usage_hint(app, argc, argv) : "";
    // CLI11 prints help and the version through the same channel.
    if (hint.empty()) app.exit(problem);
    fmt::print(stderr, "{}", hint);
    if (!is_mistake) return ExitCode::success;
    return ExitCode::invalid;
  }
  return run_command(app, options);
}

}  // namespace
}  // namespace aegis

int main(int argc, char** argv) {
  try {
    aegis::keep_memory();
    aegis::watch_for_interrupts();
    return static_cast<int>(aegis::run(argc, argv));
  } catch (const std::exception& bug) {
    fmt::print(
        stderr,
        "error: aegisctl met a condition that it does not handle: {}\n"
        "This is a bug. Nothing more was changed; `aegisctl plan` shows where things stand.\n",
        bug.what());
    return static_cast<int>(aegis::ExitCode::failure);
  }
}
