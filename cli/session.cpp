#include "session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "engine/explain_run.h"
#include "engine/file_journal.h"
#include "engine/host_journal.h"
#include "engine/reading.h"
#include "engine/survey.h"
#include "environment.h"
#include "interrupt.h"
#include "kinds/lock.h"
#include "kinds/proxmox/backups/guard.h"
#include "kinds/table.h"
#include "plan/windows.h"
#include "render/diagnostics_text.h"

namespace aegis {
namespace {

// The XDG base directory specification's folder for state, this project's part of it.
std::filesystem::path state_folder(const std::filesystem::path& project) {
  std::error_code problem;
  const std::string place = std::filesystem::weakly_canonical(project, problem).string();
  const auto home = environment_variable("XDG_STATE_HOME");
  const std::filesystem::path base =
      home && !home->empty() ? *home
                             : environment_variable("HOME").value_or("/var/lib") + "/.local/state";
  return base / "aegisctl" / "journal" / sha256_hex(place).substr(0, 16);
}

std::unique_ptr<Journal> choose_journal(const Manifests& manifests,
                                        transport::SystemDoors& doors,
                                        const std::filesystem::path& project,
                                        const RunIdentity& identity) {
  for (const auto& [name, server] : manifests.connections.servers) {
    if (server.ssh) return std::make_unique<HostJournal>(doors.shell(), host_shell(name), identity);
  }
  return std::make_unique<FileJournal>(state_folder(project), identity);
}

// A pattern names the kind somewhere, or everything of a server: "server", "server/fsn1".
bool may_be_of(const std::vector<std::string>& targets, const Kind& kind) {
  return std::any_of(targets.begin(), targets.end(), [&](const std::string& target) {
    const std::vector<std::string> pieces = split(target, '/');
    const bool whole = pieces.front() == kind.scope_type && pieces.size() <= 2;
    return whole || std::find(pieces.begin(), pieces.end(), kind.name) != pieces.end() ||
           std::find(pieces.begin(), pieces.end(), "*") != pieces.end();
  });
}

}  // namespace

Session::Session(const Options& options,
                 Terminal& terminal,
                 const LoadOptions& load_options,
                 const std::map<std::string, std::string>& variables)
    : options_(options),
      terminal_(terminal),
      kinds_(all_kinds()),
      identity_(identify_run()),
      secret_files_(options.directory, environment_variable("HOME").value_or("")) {
  const auto environment = [&](const std::string& name) {
    const auto variable = variables.find(name);
    return variable == variables.end() ? environment_variable(name)
                                       : std::optional<std::string>(variable->second);
  };
  manifests_ = load(options.directory, environment, vault_, load_options);
  show_diagnostics(manifests_.diagnostics);
  valid_ = !has_errors(manifests_.diagnostics);
  transport::TransportOptions transport_options;
  if (options.verbose) {
    transport_options.log = [&terminal](std::string_view line) { terminal.say(line); };
  }
  doors_ = std::make_unique<transport::SystemDoors>(manifests_.connections, transport_options);
  journal_ = choose_journal(manifests_, *doors_, options.directory, identity_);
}

void Session::show_diagnostics(const Diagnostics& diagnostics) {
  if (diagnostics.empty()) return;
  terminal_.say(render_diagnostics(
      diagnostics, manifests_.sources, {terminal_.color_err(), terminal_.width()}));
}

void Session::show_unreadable(const std::vector<Unreadable>& failures, const char* consequence) {
  for (const Unreadable& failure : failures) terminal_.complain(failure.error.message);
  terminal_.say(fmt::format("{}: what could not be read is not the same as absent.", consequence));
  failure_ = exit_code(failures.front().error);
}

Session::Unfinished Session::begin_journal() {
  if (told_) return {};
  return std::async(std::launch::async, [this] { return journal_->read_unfinished(); });
}

void Session::tell_of_unfinished(Unfinished unfinished) {
  if (!unfinished.valid()) return;
  told_ = true;
  const auto entries = unfinished.get();
  if (entries) {
    show_diagnostics(explain_run(*entries));
  } else {
    terminal_.say("note: the journal could not be read: " + entries.error().message);
  }
}

void Session::plan_upkeep(const std::string& stack) {
  kinds_ = upkeep_kinds();
  manifests_.desired.resources.clear();
  // The servers stay: their locks cover the engines in their containers.
  std::erase_if(manifests_.desired.scopes, [&](const auto& entry) {
    return !stack.empty() && entry.second.type() == "stack" && entry.first != "stack/" + stack;
  });
}

std::string Session::manifests_digest() const {
  std::string all;
  for (const auto& [file, text] : manifests_.sources) {
    all += fmt::format("{}\n{}\n{}\n", file, text.size(), text);
  }
  return sha256_hex(all);
}

// What ends is looked at for a backup; other plans need not read any.
void Session::guard_backups(const PlanOptions& options, const GuardOptions& guard) {
  const bool ends_something =
      options.prune || !options.destroys.empty() || !options.replaces.empty();
  if (!ends_something) return;
  proxmox::set_guard(manifests_.desired,
                     manifests_.backups,
                     {.now = now(), .age = guard.age, .without = guard.without});
}

Observed Session::observe_patiently() {
  constexpr std::chrono::seconds k_pause{2};
  Clock& clock = doors_->clock();
  const TimePoint end = clock.now() + patience_;
  for (bool told = false;; told = true) {
    Observed observed =
        observe(manifests_.desired, kinds_, doors_->http(), doors_->shell(), vault_);
    const bool may_still_come = std::all_of(
        observed.failures.begin(), observed.failures.end(), [](const Unreadable& failure) {
          return failure.error.code == ErrorCode::unreachable;
        });
    const bool is_done = observed.failures.empty() || !may_still_come || clock.now() >= end;
    if (is_done || interrupt_token().stop_requested()) return observed;
    if (!told) terminal_.say("Waiting for: " + observed.failures.front().error.message);
    clock.sleep_for(k_pause);
  }
}

std::optional<Plan> Session::make_plan(const PlanOptions& options, const GuardOptions& guard) {
  guard_backups(options, guard);
  // The journal is read while the systems are: it costs no round trip of its own.
  Unfinished unfinished = begin_journal();
  Observed observed = observe_patiently();
  if (options_.verbose) {
    terminal_.say(fmt::format("observed {} with {} in {}",
                              count_of(observed.world.objects.size(), "object"),
                              count_of(observed.queries, "request"),
                              count_of(static_cast<std::size_t>(observed.waves), "wave")));
  }
  if (!observed.failures.empty()) {
    show_unreadable(observed.failures, "No plan was made");
    return std::nullopt;
  }
  tell_of_unfinished(std::move(unfinished));
  world_ = std::move(observed.world);
  Plan plan = aegis::make_plan(manifests_.desired, world_, kinds_, options);
  show_diagnostics(plan.notes);
  // With changes beside them, the errors are about single resources, and hold only those back.
  if (has_errors(plan.notes) && plan.changes.empty()) {
    failure_ = ExitCode::invalid;
    return std::nullopt;
  }
  return plan;
}

Plan Session::hold_back(Plan plan, PlanOptions& options) {
  for (Window& window : closed_windows(plan, time())) {
    const bool is_known =
        std::find(options.closed.begin(), options.closed.end(), window) != options.closed.end();
    if (!is_known) options.closed.push_back(std::move(window));
  }
  if (options.closed.empty()) return plan;
  return aegis::make_plan(manifests_.desired, world_, kinds_, options);
}

std::optional<std::vector<Declaration>> Session::survey(const std::vector<std::string>& targets) {
  std::vector<Kind> kinds;
  for (const Kind& kind : all_kinds()) {
    if (targets.empty() || may_be_of(targets, kind)) kinds.push_back(kind);
  }
  Surveyed found =
      aegis::survey(manifests_.desired, kinds, doors_->http(), doors_->shell(), vault_);
  if (found.failures.empty()) return std::move(found.declarations);
  show_unreadable(found.failures, "Nothing was imported");
  return std::nullopt;
}

std::chrono::milliseconds Session::since(TimePoint begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(doors_->clock().now() - begin);
}

std::int64_t Session::now() {
  return time().time_since_epoch().count();
}

std::chrono::sys_seconds Session::time() {
  return std::chrono::floor<std::chrono::seconds>(doors_->clock().now());
}

Look Session::look(std::span<const Kind> kinds) {
  const Alerting* alerting = manifests_.alerting ? &*manifests_.alerting : nullptr;
  return read_status({manifests_.desired, alerting, status_readers(), kinds},
                     doors_->http(),
                     doors_->shell(),
                     vault_,
                     doors_->clock().now());
}

Replies Session::ask(const NextQueries& questions) {
  Replies replies;
  ask_all(questions, doors_->http(), doors_->shell(), vault_, replies);
  return replies;
}

std::vector<const Scope*> Session::lock_scopes() const {
  std::vector<const Scope*> scopes;
  for (const auto& [name, scope] : manifests_.desired.scopes) {
    const bool has_one = scope.type() == "server" || scope.type() == "stack";
    if (has_one && !scope.settings.contains("guest")) scopes.push_back(&scope);
  }
  return scopes;
}

Result<HeldLocks> Session::lock(const std::string& operation) {
  finish_on_interrupt();
  const LockHolder holder{identity_.run, identity_.who, operation, doors_->clock().now()};
  const LockActions actions{
      [this](const Scope& scope, const LockHolder& who) {
        Effects doors = effects();
        return take_lock(scope, who, doors);
      },
      [this](const Scope& scope) {
        Effects doors = effects();
        return read_lock(scope, doors);
      },
      [this](const Scope& scope, const std::string& run) {
        Effects doors = effects();
        return release_lock(scope, run, doors);
      },
  };
  LockPatience patience{options_.lock_timeout, interrupt_token(), [this](std::string_view who) {
                          terminal_.say(fmt::format("Waiting for the lock: {}", who));
                        }};
  const auto scopes = lock_scopes();
  return hold_locks(scopes, holder, actions, patience, doors_->clock());
}

}  // namespace aegis
