#include <algorithm>

#include "commands.h"
#include "environment.h"
#include "manifest/secret_survey.h"
#include "render/diagnostics_text.h"
#include "render/secrets_text.h"

namespace aegis {

ExitCode run_secrets(const Options& options, Terminal& terminal) {
  Diagnostics diagnostics;
  const auto secrets = survey_secrets(options.directory, environment_variable, diagnostics);
  if (!diagnostics.empty()) {
    terminal.say(render_diagnostics(diagnostics, {}, {terminal.color_err(), terminal.width()}));
  }
  if (has_errors(diagnostics)) return ExitCode::invalid;
  const bool printed =
      options.format == "json"
          ? terminal.print(dump_json(to_json(secrets)) + "\n")
          : terminal.print(render_text(secrets, {terminal.color_out(), terminal.width()}));
  if (!printed) return ExitCode::failure;
  const bool all_resolve = std::all_of(
      secrets.begin(), secrets.end(), [](const auto& secret) { return secret.problem.empty(); });
  return all_resolve ? ExitCode::success : ExitCode::invalid;
}

}  // namespace aegis
