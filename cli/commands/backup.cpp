#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "commands.h"
#include "execution.h"
#include "kinds/os/data_backups.h"
#include "kinds/proxmox/backups/backup_step.h"
#include "kinds/proxmox/backups/coverage.h"
#include "kinds/proxmox/backups/verification.h"
#include "render/coverage_text.h"
#include "render/data_coverage_text.h"
#include "session.h"

namespace aegis {
namespace {

struct Coverage {
  CoverageReport guests;
  std::vector<DataCoverage> data;
};

Coverage read_coverage(Session& session) {
  const Desired& desired = session.manifests().desired;
  const Backups& backups = session.manifests().backups;
  const Replies replies = session.ask([&](const Replies& known) {
    auto queries = proxmox::coverage_queries(desired, known);
    for (Query& query : os::data_backup_queries(desired, backups, known)) {
      queries.push_back(std::move(query));
    }
    return queries;
  });
  return {proxmox::coverage_of(desired, backups, replies),
          os::data_coverage_of(desired, backups, replies)};
}

ExitCode ending(const Coverage& coverage, std::int64_t now) {
  const CoverageReport& report = coverage.guests;
  if (!report.failures.empty()) return exit_code(report.failures.front());
  ExitCode code = ExitCode::success;
  for (const GuestCoverage& guest : report.guests) {
    const Objective objective = judge(guest, now);
    if (objective == Objective::missed) return ExitCode::objective_missed;
    if (objective == Objective::unknown) code = exit_code(guest.unread.front());
  }
  for (const DataCoverage& data : coverage.data) {
    const Objective objective = judge(data, now);
    if (objective == Objective::missed) return ExitCode::objective_missed;
    if (objective == Objective::unknown) code = exit_code(data.unread.front());
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
  const Coverage coverage = read_coverage(session);
  const std::int64_t now = session.now();
  for (const Error& failure : coverage.guests.failures) terminal.complain(failure.message);
  std::string text;
  if (options.format == "json") {
    Json document = to_json(coverage.guests, now);
    document["data"] = to_json(coverage.data, now);
    text = dump_json(document) + "\n";
  } else {
    const Style style{terminal.color_out(), terminal.width()};
    text = render_text(coverage.data, now, style) + render_text(coverage.guests, now, style);
  }
  return terminal.print(text) ? ending(coverage, now) : ExitCode::failure;
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
  const Desired& desired = session.manifests().desired;
  const Plan plan =
      backup->data ? os::data_backup_plan(desired, options.path, *backup->data, os::k_make_copy)
                   : proxmox::backup_plan(desired, *backup);
  return perform(session, options, plan, terminal, "aegisctl backup run " + options.path).code;
}

// A bad copy is a finding, not a failed change.
ExitCode verify_data(Session& session,
                     const Options& options,
                     const DataBackup& backup,
                     Terminal& terminal) {
  const Plan plan =
      os::data_backup_plan(session.manifests().desired, options.path, backup, os::k_verify_copy);
  const ExitCode code =
      perform(session, options, plan, terminal, "aegisctl backup verify " + options.path).code;
  const bool is_bad = code == ExitCode::rolled_back || code == ExitCode::partial;
  return is_bad ? ExitCode::objective_missed : code;
}

ExitCode verify_backups(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const Backup* backup = find_backup(session, options, terminal);
  if (backup == nullptr) return ExitCode::invalid;
  if (backup->data) return verify_data(session, options, *backup->data, terminal);
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
