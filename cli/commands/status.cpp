#include "engine/status.h"

#include <utility>

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

// What is known to be wrong counts more than what is not known: an Alertmanager in a container that
// is stopped does not answer because of that.
ExitCode ending(const Status& status) {
  if (!status.findings.empty()) return ExitCode::objective_missed;
  return status.gaps.empty() ? ExitCode::success : exit_code(status.gaps.front().error);
}

}  // namespace

ExitCode run_status(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  while (true) {
    Session::Unfinished unfinished = session.begin_journal();
    const Status status = look(session);
    session.tell_of_unfinished(std::move(unfinished));
    if (options.watch) terminal.clear_screen();
    if (!show(status, options, terminal)) return ExitCode::failure;
    if (!options.watch) return ending(status);
    session.effects().clock.sleep_for(options.interval);
  }
}

}  // namespace aegis
