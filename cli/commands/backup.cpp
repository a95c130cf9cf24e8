#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "commands.h"
#include "execution.h"
#include "kinds/proxmox/backups/backup_step.h"
#include "kinds/proxmox/backups/coverage.h"
#include "kinds/proxmox/backups/verification.h"
#include "render/coverage_text.h"
#include "session.h"

namespace aegis {
namespace {

CoverageReport read_coverage(Session& session) {
  const Manifests& manifests = session.manifests();
  const Replies replies = session.ask(
      [&](const Replies& known) { return proxmox::coverage_queries(manifests.desired, known); });
  return proxmox::coverage_of(manifests.desired, manifests.backups, replies);
}

ExitCode ending(const CoverageReport& report, std::int64_t now) {
  if (!report.failures.empty()) return exit_code(report.failures.front());
  ExitCode code = ExitCode::success;
  for (const GuestCoverage& guest : report.guests) {
    const Objective objective = judge(guest, now);
    if (objective == Objective::missed) return ExitCode::objective_missed;
    if (objective == Objective::unknown) code = exit_code(guest.unread.front());
  }
  return code;
}

// What could not be looked at is not the same as bad.
ExitCode ending(const std::vector<Verification>& verifications) {
  ExitCode code = ExitCode::success;
  for (const Verification& one : verifications) {
    if (!one.problem) continue;
    const ExitCode seen = exit_code(*one.problem);
    if (seen == ExitCode::unreachable || seen == ExitCode::unauthorized) return seen;
    code = ExitCode::objective_missed;
  }
  return code;
}

ExitCode list_backups(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const CoverageReport report = read_coverage(session);
  const std::int64_t now = session.now();
  for (const Error& failure : report.failures) terminal.complain(failure.message);
  const bool printed =
      options.format == "json"
          ? terminal.print(dump_json(to_json(report, now)) + "\n")
          : terminal.print(render_text(report, now, {terminal.color_out(), terminal.width()}));
  return printed ? ending(report, now) : ExitCode::failure;
}

// The entry that was named, or null, which is complained about.
const Backup* find_backup(const Session& session, const Options& options, Terminal& terminal) {
  const Backups& backups = session.manifests().backups;
  const auto found = backups.find(options.path);
  if (found != backups.end()) return &found->second;
  std::vector<std::string> names;
  for (const auto& [name, backup] : backups) names.push_back(name);
  const auto likely = closest_match(options.path, names);
  terminal.complain(fmt::format("`backups` has no `{}`{}",
                                options.path,
                                likely ? fmt::format("; did you mean `{}`?", *likely) : ""));
  return nullptr;
}

ExitCode run_backups(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const Backup* backup = find_backup(session, options, terminal);
  if (backup == nullptr) return ExitCode::invalid;
  const Plan plan = proxmox::backup_plan(session.manifests().desired, *backup);
  return perform(session, options, plan, terminal, "aegisctl backup run " + options.path).code;
}

ExitCode verify_backups(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const Backup* backup = find_backup(session, options, terminal);
  if (backup == nullptr) return ExitCode::invalid;
  const Desired& desired = session.manifests().desired;
  const Replies replies = session.ask(
      [&](const Replies& known) { return proxmox::verification_queries(desired, *backup, known); });
  const auto found = proxmox::verifications_of(desired, *backup, replies);
  const bool printed =
      options.format == "json"
          ? terminal.print(dump_json(to_json(found)) + "\n")
          : terminal.print(render_text(found, {terminal.color_out(), terminal.width()}));
  if (!printed) return ExitCode::failure;
  return ending(found);
}

}  // namespace

ExitCode run_backup(const Options& options, Terminal& terminal) {
  if (options.action == "run") return run_backups(options, terminal);
  if (options.action == "verify") return verify_backups(options, terminal);
  return list_backups(options, terminal);
}

}  // namespace aegis
