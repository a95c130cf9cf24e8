#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "allocator.h"
#include "base/text.h"
#include "commands.h"
#include "interrupt.h"

namespace aegis {
namespace {

using Command = ExitCode (*)(const Options&, Terminal&);

constexpr std::array<std::pair<std::string_view, Command>, 21> k_commands{{
    {"validate", run_validate}, {"plan", run_plan},       {"apply", run_apply},
    {"drift", run_drift},       {"destroy", run_destroy}, {"import", run_import},
    {"graph", run_graph},       {"doctor", run_doctor},   {"explain", run_explain},
    {"secrets", run_secrets},   {"status", run_status},   {"stack", run_stack},
    {"alerts", run_alerts},     {"backup", run_backup},   {"restore", run_restore},
    {"drill", run_drill},       {"rebuild", run_rebuild}, {"unlock", run_unlock},
    {"init", run_init},         {"version", run_version}, {"simulate", run_simulate},
}};

ExitCode run_command(const CLI::App& app, const Options& options) {
  Terminal terminal(options.no_color);
  if (options.command == "completion") return run_completion(app, options, terminal);
  for (const auto& [name, command] : k_commands) {
    if (name == options.command) return command(options, terminal);
  }
  return ExitCode::failure;
}

// What may have been meant by a word that is no command.
void suggest_command(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  for (int i = 1; i < argc; ++i) {
    const auto closest = closest_match(argv[i], names);
    if (closest)
      fmt::print(stderr, "\"{}\" is no command. Did you mean \"{}\"?\n", argv[i], *closest);
    if (closest) return;
  }
}

ExitCode run(int argc, char** argv) {
  CLI::App app{
      "Declares one Proxmox server: its containers, their Docker stacks, and keeps them so.",
      "aegisctl"};
  Options options;
  declare_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    // CLI11 prints help through the same channel, with exit code 0.
    if (app.exit(problem) == 0) return ExitCode::success;
    if (options.command.empty()) suggest_command(app, argc, argv);
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
