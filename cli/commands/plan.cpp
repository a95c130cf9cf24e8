#include <fmt/format.h>

#include "base/files.h"
#include "commands.h"
#include "plan/plan_json.h"
#include "plan/saved_plan.h"
#include "plan_output.h"
#include "session.h"

namespace aegis {
namespace {

ExitCode save(const Session& session,
              const Options& options,
              const Plan& plan,
              Terminal& terminal) {
  const SavedPlan saved = make_saved_plan(
      plan, options.plan, options.guard, session.manifests_digest(), session.world());
  const auto written = write_private_file(options.out, dump_json(to_json(saved)) + "\n");
  if (!written) {
    terminal.complain(written.error().message);
    return ExitCode::failure;
  }
  terminal.say(fmt::format("Saved. `aegisctl apply {}` does exactly this.", options.out.string()));
  return ExitCode::success;
}

}  // namespace

ExitCode run_plan(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const auto plan = session.make_plan(options.plan, options.guard);
  if (!plan) return session.failure();
  if (!terminal.print(format_plan(*plan, options.format, terminal, session.time())))
    return ExitCode::failure;
  if (!options.out.empty()) {
    const ExitCode saved = save(session, options, *plan, terminal);
    if (saved != ExitCode::success) return saved;
  }
  const bool differs = options.detailed_exitcode && plan->has_differences();
  return differs ? ExitCode::differences : ExitCode::success;
}

ExitCode run_drift(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const auto plan = session.make_plan(options.plan, options.guard);
  if (!plan) return session.failure();
  if (!terminal.print(format_plan(*plan, options.format, terminal, session.time())))
    return ExitCode::failure;
  return plan->has_differences() ? ExitCode::differences : ExitCode::success;
}

ExitCode run_graph(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const auto plan = session.make_plan(options.plan, options.guard);
  if (!plan) return session.failure();
  return terminal.print(format_plan(*plan, "dot", terminal)) ? ExitCode::success
                                                             : ExitCode::failure;
}

}  // namespace aegis
