#include "restore_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engine/utc_time.h"
#include "execution.h"
#include "kinds/os/data_restore.h"
#include "restore_run.h"
#include "session.h"

namespace aegis {
namespace {

// The entry that was named; nothing, with a complaint, when there is none that saves data.
std::optional<std::string> find_entry(const Session& session,
                                      const Options& options,
                                      Terminal& terminal) {
  const std::string name = options.path.substr(options.path.find('/') + 1);
  const Backups& backups = session.manifests().backups;
  std::vector<std::string> names;
  for (const auto& [known, backup] : backups) {
    if (backup.data) names.push_back(known);
  }
  if (std::find(names.begin(), names.end(), name) != names.end()) return name;
  const auto likely = closest_match(name, names);
  terminal.complain(
      backups.contains(name)
          ? fmt::format("`{}` saves guests. Restore them by their own addresses: container/NAME.",
                        name)
          : fmt::format("`backups` has no `{}` that saves data{}",
                        name,
                        likely ? fmt::format("; did you mean backup/{}?", *likely) : ""));
  return std::nullopt;
}

Result<os::DataRestorePlan> make_plan(Session& session, const os::DataRestoreWish& wish) {
  const Desired& desired = session.manifests().desired;
  const Backups& backups = session.manifests().backups;
  const Replies replies = session.ask([&](const Replies& known) {
    return os::data_restore_queries(desired, backups, wish, known);
  });
  const auto facts = os::read_data_restore(desired, backups, wish, replies);
  if (!facts) return facts.error();
  return os::plan_data_restore(desired, backups, wish, *facts);
}

}  // namespace

ExitCode restore_data_locked(Session& session,
                             const Options& options,
                             const os::DataRestoreWish& wish,
                             Terminal& terminal) {
  const auto plan = make_plan(session, wish);
  if (!plan) {
    terminal.complain(plan.error().message);
    return exit_code(plan.error());
  }
  return show_and_restore(session,
                          options,
                          {options.path, plan->from, plan->plan.steps, plan->notes, plan->refusal},
                          plan->plan,
                          terminal);
}

ExitCode restore_data(Session& session, const Options& options, Terminal& terminal) {
  const auto entry = find_entry(session, options, terminal);
  if (!entry) return ExitCode::invalid;
  os::DataRestoreWish wish{.entry = *entry,
                           .from = options.from == "latest" ? std::string() : options.from,
                           .items = options.items,
                           .now = format_stamp(session.effects().clock.now())};
  if (!options.at.empty()) {
    const auto at = parse_moment(options.at);
    if (!at) {
      terminal.complain(
          fmt::format("`{}` is no time: write it as 2026-01-31T02:30Z, in UTC.", options.at));
      return ExitCode::invalid;
    }
    wish.at = std::chrono::duration_cast<std::chrono::seconds>(at->time_since_epoch()).count();
  }
  return under_locks(session, options, terminal, [&] {
    return restore_data_locked(session, options, wish, terminal);
  });
}

}  // namespace aegis
