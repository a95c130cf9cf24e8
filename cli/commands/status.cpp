#include "engine/status.h"

#include <future>
#include <utility>

#include "commands.h"
#include "engine/explain_run.h"
#include "kinds/table.h"
#include "plan/differences.h"
#include "plan/make_plan.h"
#include "render/status_json.h"
#include "render/status_text.h"
#include "session.h"

namespace aegis {
namespace {

using Drift = std::optional<DriftStatus>;

// Watching must not have registries asked for newer images every few seconds.
constexpr std::chrono::minutes k_drift_is_good_for{5};

Drift drift_of(const Desired& desired, const Observed& observed) {
  if (!observed.failures.empty()) return DriftStatus{{}, observed.failures.front().error.message};
  return differences_of(make_plan(desired, observed.world, all_kinds(), {}));
}

Status look(Session& session, const Drift& known) {
  auto newest = std::async(std::launch::async, [&] { return session.journal().read_newest(); });
  Look seen = session.look(known ? std::span<const Kind>() : all_kinds());
  seen.status.drift = known ? known : drift_of(session.manifests().desired, seen.observed);
  const auto entries = newest.get();
  if (entries) seen.status.last_run = run_status(*entries, session.effects().clock.now());
  return std::move(seen.status);
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
  Clock& clock = session.effects().clock;
  Drift drift;
  TimePoint drift_seen;
  while (true) {
    Session::Unfinished unfinished = session.begin_journal();
    if (clock.now() - drift_seen > k_drift_is_good_for) drift.reset();
    const bool is_news = !drift;
    const Status status = look(session, drift);
    if (is_news) drift_seen = clock.now();
    drift = status.drift;
    session.tell_of_unfinished(std::move(unfinished));
    if (options.watch) terminal.clear_screen();
    if (!show(status, options, terminal)) return ExitCode::failure;
    if (!options.watch) return ending(status);
    clock.sleep_for(options.interval);
  }
}

}  // namespace aegis
