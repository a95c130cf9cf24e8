#include "execution.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/files.h"
#include "engine/apply.h"
#include "interrupt.h"
#include "plan/saved_plan.h"
#include "plan/selection.h"
#include "plan_output.h"
#include "progress.h"
#include "quiet.h"
#include "render/plan_text.h"
#include "render/report_json.h"
#include "render/report_text.h"

namespace aegis {
namespace {

// What is held back was asked for; an orphan that waits for --prune is only shown.
bool was_refused(const Change& change, const PlanOptions& options) {
  if (change.blocked.empty()) return false;
  return change.action != Action::remove || options.prune ||
         covered(options.destroys, change.address);
}

ExitCode ending_of(const Plan& plan, const PlanOptions& options) {
  const bool refused =
      std::any_of(plan.changes.begin(), plan.changes.end(), [&](const Change& change) {
        return was_refused(change, options);
      });
  return refused ? ExitCode::refused : ExitCode::success;
}

// The journal could not be written, so not even the first step was begun.
bool was_never_begun(const Report& report) {
  const bool untouched =
      std::all_of(report.results.begin(), report.results.end(), [](const StepResult& result) {
        return result.status == StepStatus::not_started;
      });
  return untouched && !report.results.empty() && report.results.front().error.has_value();
}

std::string first_failure(const Report& report) {
  for (const StepResult& result : report.results) {
    if (result.error) return result.error->message;
  }
  return {};
}

void show(const Plan& plan, Session& session, const Options& options, Terminal& terminal) {
  if (options.format == "json") return;
  terminal.print(format_plan(plan, "text", terminal, session.time()));
}

ExitCode complain(Terminal& terminal, const Error& error) {
  terminal.complain(error.message);
  return exit_code(error);
}

// What a person agreed to, or nothing with the way to end.
std::optional<SavedPlan> ask_for_approval(Session& session,
                                          const Options& options,
                                          Terminal& terminal,
                                          ExitCode& ending) {
  auto plan = session.make_plan(options.plan, options.guard);
  if (!plan) {
    ending = session.failure();
    return std::nullopt;
  }
  PlanOptions shown_options = options.plan;
  const Plan shown = session.hold_back(*plan, shown_options);
  show(shown, session, options, terminal);
  ending = ending_of(shown, options.plan);
  if (!shown.has_work()) return std::nullopt;
  if (!terminal.can_ask()) {
    terminal.complain(
        "There is no terminal to ask for approval. Pass --auto-approve, or save the plan with "
        "`plan --out FILE` and run `apply FILE`. Nothing was changed.");
    ending = ExitCode::invalid;
    return std::nullopt;
  }
  if (!terminal.confirm("Make these changes?")) {
    terminal.say("Nothing was changed.");
    ending = ExitCode::failure;
    return std::nullopt;
  }
  return make_saved_plan(
      *plan, shown_options, options.guard, session.manifests_digest(), session.world());
}

// Reads the plan of `apply FILE`; nothing when it cannot be used, with the way to end.
std::optional<SavedPlan> read_saved_plan(const Session& session,
                                         const Options& options,
                                         Terminal& terminal,
                                         ExitCode& ending) {
  const auto text = read_file(options.file);
  if (!text) {
    ending = complain(terminal, text.error());
    return std::nullopt;
  }
  const auto json = parse_json(*text);
  auto saved = json ? parse_saved_plan(*json) : Result<SavedPlan>(json.error());
  if (!saved) {
    terminal.complain(saved.error().in_context(options.file.string()).message);
    ending = ExitCode::invalid;
    return std::nullopt;
  }
  if (saved->manifests_digest != session.manifests_digest()) {
    terminal.complain(
        "The manifests are not those that this plan was made from. Plan again. Nothing was "
        "changed.");
    ending = ExitCode::conflict;
    return std::nullopt;
  }
  return std::move(*saved);
}

bool has_moved(const SavedPlan& agreed,
               const Plan& plan,
               const Session& session,
               Terminal& terminal) {
  const auto moved = moved_since(agreed, plan, session.world());
  if (moved.empty()) return false;
  terminal.complain(
      "The plan is stale: this has moved since it was made. Plan again. Nothing was changed.");
  for (const std::string& line : moved) terminal.say("  " + line);
  return true;
}

ExitCode perform_locked(Session& session,
                        const Options& options,
                        const std::optional<SavedPlan>& agreed,
                        Terminal& terminal) {
  PlanOptions wanted = agreed ? agreed->options : options.plan;
  // A window that was closed when the plan was agreed to stays closed, and is no difference.
  PlanOptions open = wanted;
  open.closed.clear();
  const auto everything = session.make_plan(open, agreed ? agreed->guard : options.guard);
  if (!everything) return session.failure();
  if (agreed && has_moved(*agreed, *everything, session, terminal)) return ExitCode::conflict;
  const Plan plan = session.hold_back(*everything, wanted);
  if (!agreed) show(plan, session, options, terminal);
  if (interrupt_token().stop_requested()) return ExitCode::interrupted;
  // With --json even an empty run gives its report.
  ExitCode ending = ExitCode::success;
  if (plan.has_work() || options.format == "json") {
    ending = perform(session, options, plan, terminal, "aegisctl apply").code;
  }
  if (options.format != "json" && (agreed || plan.has_work())) {
    terminal.print(render_waiting(plan, {terminal.color_out(), terminal.width()}, session.time()));
  }
  return ending == ExitCode::success ? ending_of(plan, wanted) : ending;
}

}  // namespace

Ending perform(Session& session,
               const Options& options,
               const Plan& plan,
               Terminal& terminal,
               std::string_view again) {
  Quiet quiet(session, plan, terminal);
  Progress progress(terminal, plan.steps.size());
  const Report report = apply(plan,
                              session.kinds(),
                              session.effects(),
                              session.journal(),
                              progress,
                              interrupt_token(),
                              ApplyOptions{options.parallelism});
  quiet.end(report.outcome == Outcome::succeeded);
  terminal.print(
      options.format == "json"
          ? dump_json(to_json(report, plan)) + "\n"
          : render_report(report, plan, {terminal.color_out(), terminal.width()}, again));
  if (report.outcome == Outcome::succeeded) return {};
  const ExitCode code = was_never_begun(report) ? exit_code(*report.results.front().error)
                                                : exit_code(report.outcome);
  return {code, first_failure(report)};
}

ExitCode under_locks(Session& session,
                     const Options& options,
                     Terminal& terminal,
                     const std::function<ExitCode()>& work) {
  auto locks = session.lock(options.command);
  if (!locks) return complain(terminal, locks.error());
  const ExitCode ending = work();
  const auto released = locks->release();
  if (released) return ending;
  terminal.complain(released.error().message);
  return ending == ExitCode::success ? ExitCode::failure : ending;
}

std::optional<ExitCode> ask_whether(const Options& options,
                                    Terminal& terminal,
                                    std::string_view question) {
  if (options.auto_approve) return std::nullopt;
  if (!terminal.can_ask()) {
    terminal.complain(
        "There is no terminal to ask for approval. Pass --auto-approve. Nothing was changed.");
    return ExitCode::invalid;
  }
  if (terminal.confirm(question)) return std::nullopt;
  terminal.say("Nothing was changed.");
  return ExitCode::failure;
}

ExitCode plan_and_perform(Session& session, const Options& options, Terminal& terminal) {
  std::optional<SavedPlan> agreed;
  ExitCode ending = ExitCode::success;
  if (!options.file.empty()) {
    agreed = read_saved_plan(session, options, terminal, ending);
    if (!agreed) return ending;
  } else if (!options.auto_approve) {
    agreed = ask_for_approval(session, options, terminal, ending);
    if (!agreed) return ending;
  }
  return under_locks(session, options, terminal, [&] {
    return perform_locked(session, options, agreed, terminal);
  });
}

}  // namespace aegis
