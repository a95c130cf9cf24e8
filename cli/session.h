#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/vault.h"
#include "engine/journal.h"
#include "engine/lock_guard.h"
#include "engine/observe.h"
#include "engine/run_identity.h"
#include "engine/status.h"
#include "exit_code.h"
#include "manifest/load.h"
#include "model/declaration.h"
#include "model/plan.h"
#include "model/world.h"
#include "options.h"
#include "terminal.h"
#include "transport/doors.h"
#include "transport/secret_files.h"

namespace aegis {

/// A loaded project with its doors: what every command that asks live systems starts from.
class Session {
 public:
  /// Reads the manifests of `options.directory` and shows what is wrong with them. `variables`
  /// count as if they were in the environment. `options` and `terminal` must outlive it.
  Session(const Options& options,
          Terminal& terminal,
          const LoadOptions& load_options = {},
          const std::map<std::string, std::string>& variables = {});

  /// False when the manifests have errors (already shown): end with ExitCode::invalid.
  [[nodiscard]] bool is_valid() const { return valid_; }

  [[nodiscard]] const Manifests& manifests() const { return manifests_; }

  /// SHA-256 over all that was read: a saved plan remembers it.
  [[nodiscard]] std::string manifests_digest() const;

  /// The plan from what is there now, which is read anew. Shows why when there can be none; then
  /// `failure()` is what to end with. The first call also tells of a run that was interrupted.
  std::optional<Plan> make_plan(const PlanOptions& options, const GuardOptions& guard = {});

  /// The last plan, which was made with `options`, without what waits for a window that is closed
  /// now; those are added to `options.closed`, and what is in there stays closed.
  Plan hold_back(Plan plan, PlanOptions& options);

  /// From now on plans are about the upkeep of engines (kinds/table.h) and nothing else: of the
  /// stack called `stack`, or of all when it is empty.
  void plan_upkeep(const std::string& stack);

  /// The kinds that plans are about.
  [[nodiscard]] std::span<const Kind> kinds() const { return kinds_; }

  /// Which run this is.
  [[nodiscard]] const RunIdentity& identity() const { return identity_; }

  /// From now on a plan waits so long for systems that do not answer, as an engine does not while
  /// its container starts.
  void wait_for_systems(std::chrono::seconds patience) { patience_ = patience; }

  [[nodiscard]] ExitCode failure() const { return failure_; }

  /// Begins to read the journal, unless that was told already; tell_of_unfinished() shows what it
  /// says of a run that was interrupted.
  using Unfinished = std::future<Result<std::vector<JournalEntry>>>;
  Unfinished begin_journal();
  void tell_of_unfinished(Unfinished entries);

  /// What lives in the scopes of the manifests and is not in them, of the kinds that `targets` may
  /// be about; of all without any. Shows why when it cannot be told; then `failure()` is what to
  /// end with.
  std::optional<std::vector<Declaration>> survey(const std::vector<std::string>& targets);

  /// The time now, in seconds since 1970, as Proxmox tells times.
  [[nodiscard]] std::int64_t now();
  [[nodiscard]] std::chrono::sys_seconds time();

  /// How long ago that was.
  [[nodiscard]] std::chrono::milliseconds since(TimePoint begin);

  /// How everything is, and, of `kinds`, what is there (engine/status.h).
  Look look(std::span<const Kind> kinds);

  /// What the live systems answer to questions that are no kind's (engine/reading.h).
  Replies ask(const NextQueries& questions);

  /// What the last plan was computed from.
  [[nodiscard]] const World& world() const { return world_; }

  /// Takes the locks of all systems, waiting as long as --lock-timeout says.
  Result<HeldLocks> lock(const std::string& operation);

  /// The scopes that have a lock of their own: servers, and engines outside of their containers.
  [[nodiscard]] std::vector<const Scope*> lock_scopes() const;

  Effects effects() {
    return {doors_->http(), doors_->shell(), doors_->clock(), vault_, &secret_files_};
  }

  /// On the first server that has SSH, else on this machine.
  Journal& journal() { return *journal_; }

  void show_diagnostics(const Diagnostics& diagnostics);

 private:
  void guard_backups(const PlanOptions& options, const GuardOptions& guard);
  void show_unreadable(const std::vector<Unreadable>& failures, const char* consequence);
  Observed observe_patiently();

  const Options& options_;
  Terminal& terminal_;
  Vault vault_;
  Manifests manifests_;
  std::span<const Kind> kinds_;
  RunIdentity identity_;
  std::unique_ptr<transport::SystemDoors> doors_;
  transport::SecretFiles secret_files_;
  std::unique_ptr<Journal> journal_;
  World world_;
  bool valid_ = false;
  std::chrono::seconds patience_{0};
  bool told_ = false;  ///< of an interrupted run
  ExitCode failure_ = ExitCode::failure;
};

}  // namespace aegis
