#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "commands.h"
#include "engine/utc_time.h"
#include "execution.h"
#include "kinds/proxmox/backups/restore_plan.h"
#include "restore_data.h"
#include "restore_run.h"
#include "session.h"

namespace aegis {
namespace {

// The declared container that was named; nothing, with a complaint, when there is none.
std::optional<Address> find_container(const Session& session,
                                      const Options& options,
                                      Terminal& terminal) {
  const auto& resources = session.manifests().desired.resources;
  auto address = parse_address(options.path);
  if (address && address->kind == "container" && resources.contains(*address)) return address;
  std::vector<std::string> names;
  for (const auto& [known, resource] : resources) {
    if (known.kind == "container") names.push_back(to_string(known));
  }
  const auto likely = closest_match(options.path, names);
  terminal.complain(fmt::format("the manifests have no container `{}`{}",
                                options.path,
                                likely ? fmt::format("; did you mean `{}`?", *likely) : ""));
  return std::nullopt;
}

Result<proxmox::RestorePlan> make_plan(Session& session, const proxmox::RestoreWish& wish) {
  const Desired& desired = session.manifests().desired;
  const Replies replies = session.ask(
      [&](const Replies& known) { return proxmox::restore_queries(desired, wish, known); });
  const auto facts = proxmox::read_restore(desired, wish, replies);
  if (!facts) return facts.error();
  return proxmox::plan_restore(desired, wish, *facts);
}

proxmox::RestoreWish wish_of(Session& session, const Options& options, const Address& container) {
  const auto& without = options.guard.without;
  return {.container = container,
          .from = options.from == "latest" ? std::string() : options.from,
          .spare_vmid = options.spare,
          .now = format_utc(session.effects().clock.now()),
          .without_backup =
              std::find(without.begin(), without.end(), to_string(container)) != without.end(),
          .drops_snapshots = options.drop_snapshots};
}

ExitCode restore_locked(Session& session,
                        const Options& options,
                        const proxmox::RestoreWish& wish,
                        Terminal& terminal) {
  const auto plan = make_plan(session, wish);
  if (!plan) {
    terminal.complain(plan.error().message);
    return exit_code(plan.error());
  }
  const ExitCode ending =
      show_and_restore(session,
                       options,
                       {options.path, plan->from, plan->plan.steps, plan->notes, plan->refusal},
                       plan->plan,
                       terminal);
  if (ending == ExitCode::success) {
    terminal.say("`aegisctl plan` shows how what was restored differs from the manifests.");
  }
  return ending;
}

}  // namespace

ExitCode run_restore(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  if (options.path.starts_with("backup/")) return restore_data(session, options, terminal);
  const auto container = find_container(session, options, terminal);
  if (!container) return ExitCode::invalid;
  return under_locks(session, options, terminal, [&] {
    return restore_locked(session, options, wish_of(session, options, *container), terminal);
  });
}

}  // namespace aegis
