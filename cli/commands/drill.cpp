#include "kinds/proxmox/backups/drill.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands.h"
#include "engine/utc_time.h"
#include "execution.h"
#include "model/backup.h"
#include "render/restore_text.h"
#include "session.h"
#include "timeline_output.h"

namespace aegis {
namespace {

class Drill {
 public:
  Drill(const Options& options, Session& session, Terminal& terminal)
      : options_(options), session_(session), terminal_(terminal) {
    timeline_.begin = session.now();
  }

  // One after the other: so each is timed alone, and one copy's space is enough.
  ExitCode run(const std::vector<Address>& guests) {
    const TimePoint begin = session_.effects().clock.now();
    for (const Address& guest : guests) {
      const ExitCode ending = drill(guest);
      if (ending != ExitCode::success) return ending;
    }
    timeline_.took = session_.since(begin);
    return tell(timeline_, options_, terminal_);
  }

 private:
  Result<proxmox::RestorePlan> plan(const Address& guest) {
    const Desired& desired = session_.manifests().desired;
    const proxmox::RestoreWish wish{
        .container = guest, .now = format_utc(session_.effects().clock.now()), .is_drill = true};
    const Replies replies = session_.ask(
        [&](const Replies& known) { return proxmox::restore_queries(desired, wish, known); });
    const auto facts = proxmox::read_restore(desired, wish, replies);
    if (!facts) return facts.error();
    return proxmox::plan_drill(desired, wish, *facts);
  }

  // A backup that cannot be restored is a result; only what keeps us from trying ends all.
  ExitCode drill(const Address& guest) {
    const Backups& backups = session_.manifests().backups;
    Recovered result{.guest = guest,
                     .rto = strictest(backups, guest, &Backup::rto),
                     .rpo = strictest(backups, guest, &Backup::rpo)};
    const auto planned = plan(guest);
    const bool is_known = planned || planned.error().code == ErrorCode::not_found;
    if (!is_known) {
      terminal_.complain(planned.error().message);
      return exit_code(planned.error());
    }
    result.problem = planned ? planned->refusal : planned.error().message;
    if (planned) {
      result.from = planned->from;
      result.from_time = planned->from_time;
      terminal_.print(render_text({"a drill of " + to_string(guest),
                                   planned->from,
                                   planned->plan.steps,
                                   planned->notes,
                                   planned->refusal},
                                  {terminal_.color_out(), terminal_.width()}));
    }
    ExitCode ending = ExitCode::success;
    if (result.problem.empty()) ending = perform_timed(planned->plan, result);
    timeline_.guests.push_back(std::move(result));
    return ending;
  }

  ExitCode perform_timed(const Plan& plan, Recovered& result) {
    const TimePoint begin = session_.effects().clock.now();
    Ending ending = perform(session_, options_, plan, terminal_, "aegisctl drill");
    result.took = session_.since(begin);
    const bool has_failed =
        ending.code == ExitCode::rolled_back || ending.code == ExitCode::partial;
    if (has_failed) result.problem = std::move(ending.failure);
    return has_failed ? ExitCode::success : ending.code;
  }

  const Options& options_;
  Session& session_;
  Terminal& terminal_;
  Timeline timeline_;
};

// Those that were named, else all containers that backups are made of. Nothing, with a complaint,
// when one is not declared.
std::optional<std::vector<Address>> guests_of(const Session& session,
                                              const Options& options,
                                              Terminal& terminal) {
  std::vector<Address> guests;
  for (const auto& [address, resource] : session.manifests().desired.resources) {
    const auto& named = options.plan.targets;
    const bool is_meant =
        named.empty() ? !entry_of(session.manifests().backups, address).empty()
                      : std::find(named.begin(), named.end(), to_string(address)) != named.end();
    if (address.kind == "container" && is_meant) guests.push_back(address);
  }
  if (!guests.empty() &&
      (options.plan.targets.empty() || guests.size() == options.plan.targets.size()))
    return guests;
  terminal.complain(options.plan.targets.empty()
                        ? "`backups` names no container, so there is nothing to drill."
                        : "Not all of these are containers of the manifests. Name them as "
                          "container/NAME, each once.");
  return std::nullopt;
}

}  // namespace

ExitCode run_drill(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const auto guests = guests_of(session, options, terminal);
  if (!guests) return ExitCode::invalid;
  return under_locks(
      session, options, terminal, [&] { return Drill(options, session, terminal).run(*guests); });
}

}  // namespace aegis
