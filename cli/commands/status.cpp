#include "engine/status.h"

#include "commands.h"
#include "render/status_text.h"
#include "session.h"

namespace aegis {
namespace {

Status look(Session& session) {
  const Manifests& manifests = session.manifests();
  Effects effects = session.effects();
  return read_status(manifests.desired,
                     manifests.alerting ? &*manifests.alerting : nullptr,
                     status_readers(),
                     effects.http,
                     effects.shell,
                     effects.clock.now());
}

bool show(const Status& status, const Options& options, Terminal& terminal) {
  if (options.format == "json") return terminal.print(dump_json(to_json(status)) + "\n");
  return terminal.print(render_text(status, {terminal.color_out(), terminal.width()}));
}

ExitCode ending(const Status& status) {
  if (!status.gaps.empty()) return exit_code(status.gaps.front().error);
  return status.is_well() ? ExitCode::success : ExitCode::objective_missed;
}

}  // namespace

ExitCode run_status(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  while (true) {
    const Status status = look(session);
    if (options.watch) terminal.clear_screen();
    if (!show(status, options, terminal)) return ExitCode::failure;
    if (!options.watch) return ending(status);
    session.effects().clock.sleep_for(options.interval);
  }
}

}  // namespace aegis
