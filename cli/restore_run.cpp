#include "restore_run.h"

#include "execution.h"

namespace aegis {

ExitCode show_and_restore(Session& session,
                          const Options& options,
                          const RestoreOutline& outline,
                          const Plan& plan,
                          Terminal& terminal) {
  if (options.format != "json" || !outline.refusal.empty()) {
    const Style style{terminal.color_out(), terminal.width()};
    if (!terminal.print(render_text(outline, style))) return ExitCode::failure;
  }
  if (!outline.refusal.empty()) return ExitCode::refused;
  if (const auto ending = ask_whether(options, terminal, "Restore it?")) return *ending;
  return perform(session, options, plan, terminal, "aegisctl restore " + options.path).code;
}

}  // namespace aegis
