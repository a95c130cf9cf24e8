#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "commands.h"
#include "engine/utc_time.h"
#include "execution.h"
#include "kinds/os/data_recovery.h"
#include "kinds/proxmox/backups/recovery.h"
#include "kinds/table.h"
#include "model/timeline.h"
#include "plan/make_plan.h"
#include "render/restore_text.h"
#include "render/runbook.h"
#include "restore_data.h"
#include "session.h"
#include "timeline_output.h"

namespace aegis {
namespace {

// Engines in guests that were just started need their time.
constexpr std::chrono::minutes k_patience{5};

class Rebuild {
 public:
  Rebuild(const Options& options, Session& session, Terminal& terminal)
      : options_(options),
        session_(session),
        terminal_(terminal),
        begin_(session.effects().clock.now()) {
    timeline_.begin = session.now();
  }

  ExitCode run() {
    ExitCode ending = phase("the servers", [this] { return bring_up_servers(); });
    if (ending == ExitCode::success)
      ending = phase("the guests", [this] {
        return under_locks(session_, options_, terminal_, [this] { return bring_back_guests(); });
      });
    if (ending == ExitCode::success)
      ending = phase("everything else", [this] { return bring_up_rest(); });
    if (ending == ExitCode::success && has_data())
      ending = phase("the data", [this] {
        return under_locks(session_, options_, terminal_, [this] { return bring_back_data(); });
      });
    if (ending != ExitCode::success) {
      terminal_.say("The rebuild has not ended. Run `aegisctl rebuild` again: it goes on here.");
      return ending;
    }
    timeline_.took = session_.since(begin_);
    for (Recovered& guest : timeline_.guests) guest.took = timeline_.took;
    return tell(timeline_, options_, terminal_);
  }

 private:
  ExitCode phase(const std::string& name, const std::function<ExitCode()>& work) {
    terminal_.say(
        fmt::format("==> {} of {}: {}", timeline_.phases.size() + 1, has_data() ? 4 : 3, name));
    const auto begin = session_.since(begin_);
    const ExitCode ending = work();
    timeline_.phases.push_back({name, begin, session_.since(begin_) - begin});
    return ending;
  }

  // Storages, networks and templates come first: backups are on the ones, guests need the others.
  ExitCode bring_up_servers() {
    Options servers = options_;
    servers.plan.targets = proxmox::before_guests(session_.manifests().desired);
    if (!servers.plan.targets.empty()) return plan_and_perform(session_, servers, terminal_);
    terminal_.say("The manifests have nothing that guests would need.");
    return ExitCode::success;
  }

  ExitCode bring_back_guests() {
    const Desired& desired = session_.manifests().desired;
    const proxmox::RecoveryWish wish{format_utc(session_.effects().clock.now()),
                                     options_.guard.without};
    const Replies replies = session_.ask(
        [&](const Replies& known) { return proxmox::recovery_queries(desired, wish, known); });
    const auto recovery =
        proxmox::plan_recovery(desired, session_.manifests().backups, wish, replies);
    if (!recovery) return complain(recovery.error());
    timeline_.guests = recovery->guests;
    show(*recovery);
    if (recovery->is_refused()) return ExitCode::refused;
    if (recovery->plan.steps.empty()) return ExitCode::success;
    if (const auto ending = ask_whether(options_, terminal_, "Restore them?")) return *ending;
    return perform(session_, options_, recovery->plan, terminal_, "aegisctl rebuild").code;
  }

  void show(const proxmox::Recovery& recovery) {
    if (recovery.restores.empty()) terminal_.say("No guest has to be restored.");
    const Style style{terminal_.color_out(), terminal_.width()};
    for (const auto& [guest, restore] : recovery.restores) {
      terminal_.print(render_text(
          {to_string(guest), restore.from, restore.plan.steps, restore.notes, restore.refusal},
          style));
    }
  }

  ExitCode bring_up_rest() {
    session_.wait_for_systems(k_patience);
    return plan_and_perform(session_, options_, terminal_);
  }

  [[nodiscard]] bool has_data() const {
    const Backups& backups = session_.manifests().backups;
    return std::any_of(backups.begin(), backups.end(), [](const auto& entry) {
      return entry.second.data.has_value();
    });
  }

  // A guest's backup may be older than the copies of the data in it.
  ExitCode bring_back_data() {
    const Desired& desired = session_.manifests().desired;
    const Backups& backups = session_.manifests().backups;
    const Replies replies = session_.ask(
        [&](const Replies& known) { return os::data_recovery_queries(desired, backups, known); });
    const os::DataRecovery recovery = os::data_recovery_of(
        desired, backups, format_stamp(session_.effects().clock.now()), replies);
    for (const Error& error : recovery.unread) complain(error);
    if (!recovery.unread.empty()) return exit_code(recovery.unread.front());
    if (recovery.wishes.empty()) terminal_.say("No data are older than their newest copy.");
    for (const os::DataRestoreWish& wish : recovery.wishes) {
      Options options = options_;
      options.path = "backup/" + wish.entry;
      const ExitCode ending = restore_data_locked(session_, options, wish, terminal_);
      if (ending != ExitCode::success) return ending;
    }
    return ExitCode::success;
  }

  ExitCode complain(const Error& error) {
    terminal_.complain(error.message);
    return exit_code(error);
  }

  const Options& options_;
  Session& session_;
  Terminal& terminal_;
  TimePoint begin_;
  Timeline timeline_;
};

ExitCode print_runbook(const Manifests& manifests, Terminal& terminal) {
  const Plan plan = make_plan(manifests.desired, {}, all_kinds(), {});
  return terminal.print(render_runbook(manifests.desired, manifests.backups, plan))
             ? ExitCode::success
             : ExitCode::failure;
}

}  // namespace

ExitCode run_rebuild(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  if (options.offline) return print_runbook(session.manifests(), terminal);
  Options all = options;
  all.plan.now = true;  // nothing is in use that could be disturbed
  return Rebuild(all, session, terminal).run();
}

}  // namespace aegis
