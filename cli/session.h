#pragma once

#include <map>
#include <memory>
#include <optional>

#include "base/vault.h"
#include "exit_code.h"
#include "manifest/load.h"
#include "model/plan.h"
#include "model/world.h"
#include "options.h"
#include "terminal.h"
#include "transport/doors.h"

namespace aegis {

/// A loaded project with its doors: what every command that asks live systems starts from.
class Session {
 public:
  /// Reads the manifests of `options.directory` and shows what is wrong with them.
  Session(const Options& options, Terminal& terminal);

  /// False when the manifests have errors (already shown): end with ExitCode::invalid.
  [[nodiscard]] bool is_valid() const { return valid_; }

  [[nodiscard]] const Manifests& manifests() const { return manifests_; }

  /// SHA-256 over all that was read: a saved plan remembers it.
  [[nodiscard]] std::string manifests_digest() const;

  /// The plan, from what is there now. Shows what could not be read; then nothing, and `failure()`
  /// is what to end with.
  std::optional<Plan> make_plan(const PlanOptions& options);

  [[nodiscard]] ExitCode failure() const { return failure_; }

  /// What the last plan was computed from.
  [[nodiscard]] const World& world() const { return world_; }

  /// The doors, for steps and locks.
  Effects effects();

 private:
  bool valid_ = false;
  const Options& options_;
  Terminal& terminal_;
  Vault vault_;
  Manifests manifests_;
  std::unique_ptr<SystemDoors> doors_;
  World world_;
  ExitCode failure_ = ExitCode::failure;
};

}  // namespace aegis
