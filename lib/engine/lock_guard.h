#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "effects/clock.h"
#include "kinds/lock.h"
#include "model/desired.h"

namespace aegis {

/// How the lock of one managed system is handled: take_lock, read_lock and release_lock of
/// kinds/lock.h with their doors bound.
struct LockActions {
  std::function<Result<Done>(const Scope&, const LockHolder&)> take;
  std::function<Result<std::optional<LockHolder>>(const Scope&)> read;
  std::function<Result<Done>(const Scope&, const std::string& run)> release;
};

/// How long to wait for a lock that somebody else holds.
struct LockPatience {
  std::chrono::milliseconds timeout{0};  ///< for all locks together; 0: try once
  std::stop_token stop;
  /// Told who is waited for, once a holder; never with a secret.
  std::function<void(std::string_view)> waiting = [](std::string_view) {};
};

/// Locks that are held until this object goes.
class HeldLocks {
 public:
  HeldLocks(std::string run, std::function<Result<Done>(const Scope&, const std::string&)> release);
  HeldLocks(HeldLocks&& other) noexcept = default;
  HeldLocks& operator=(HeldLocks&& other) = delete;
  HeldLocks(const HeldLocks&) = delete;
  HeldLocks& operator=(const HeldLocks&) = delete;

  /// Gives back what is still held; what goes wrong is lost, so call release() where it matters.
  ~HeldLocks();

  void add(const Scope& scope);

  /// Gives all locks back, the last taken first, whatever goes wrong with one of them. The first
  /// error, which names the system that may still be locked.
  Result<Done> release();

 private:
  std::string run_;
  std::function<Result<Done>(const Scope&, const std::string&)> release_;
  std::vector<Scope> held_;
};

/// Takes the locks of all systems that `scopes` live on, one a system and always in the same order,
/// so that two runs cannot wait for each other. Waits for one that is held as long as `patience`
/// allows. When one cannot be had, those taken are given back: `conflict` names the holder,
/// `interrupted` follows a stop request, other errors are those of the system.
Result<HeldLocks> hold_locks(std::span<const Scope* const> scopes,
                             const LockHolder& holder,
                             const LockActions& actions,
                             const LockPatience& patience,
                             Clock& clock);

}  // namespace aegis
