#include "engine/lock_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/json.h"
#include "base/units.h"

namespace aegis {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_first_pause{250};
constexpr milliseconds k_longest_pause{2000};  // also how late a stop request may be seen

/// One scope a system, by the system's name: stacks on one engine share its lock.
std::map<std::string, const Scope*> one_a_system(std::span<const Scope* const> scopes) {
  std::map<std::string, const Scope*> systems;
  for (const Scope* scope : scopes) {
    const auto [place, is_new] = systems.emplace(text_or(scope->settings, "endpoint"), scope);
    if (!is_new && scope->name < place->second->name) place->second = scope;
  }
  return systems;
}

class Taker {
 public:
  Taker(const LockHolder& holder,
        const LockActions& actions,
        const LockPatience& patience,
        Clock& clock)
      : holder_(holder),
        actions_(actions),
        patience_(patience),
        clock_(clock),
        deadline_(clock.now() + patience.timeout) {}

  /// Takes the lock of one system. False when this run holds it already under another name (the
  /// nodes of a cluster share theirs).
  Result<bool> take(const Scope& scope) {
    milliseconds pause = k_first_pause;
    std::string told;
    while (true) {
      const auto taken = actions_.take(scope, holder_);
      if (taken) return true;
      if (taken.error().code != ErrorCode::conflict) {
        // The answer may have been lost after the lock was taken.
        (void)actions_.release(scope, holder_.run);
        return taken.error();
      }
      if (is_ours(scope)) return false;
      const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - clock_.now());
      if (left.count() <= 0) return given_up(taken.error());
      if (patience_.stop.stop_requested()) {
        return Error{ErrorCode::interrupted, "stopped while waiting for the lock"};
      }
      if (taken.error().message != told) {
        told = taken.error().message;
        patience_.waiting(told);
      }
      clock_.sleep_for(std::min(pause, left));
      pause = std::min(pause * 2, k_longest_pause);
    }
  }

 private:
  bool is_ours(const Scope& scope) const {
    const auto found = actions_.read(scope);
    return found && *found && (*found)->run == holder_.run;
  }

  Error given_up(Error held) const {
    if (patience_.timeout.count() > 0) {
      held.message += fmt::format("; waited {} for it", format_duration(patience_.timeout));
    }
    return held;
  }

  const LockHolder& holder_;
  const LockActions& actions_;
  const LockPatience& patience_;
  Clock& clock_;
  const TimePoint deadline_;
};

}  // namespace

HeldLocks::HeldLocks(std::string run,
                     std::function<Result<Done>(const Scope&, const std::string&)> release)
    : run_(std::move(run)), release_(std::move(release)) {}

HeldLocks::~HeldLocks() {
  (void)release();
}

void HeldLocks::add(const Scope& scope) {
  held_.push_back(scope);
}

Result<Done> HeldLocks::release() {
  Result<Done> result = Done{};
  while (!held_.empty()) {
    const Scope scope = std::move(held_.back());
    held_.pop_back();
    auto released = release_(scope, run_).in_context("giving back the lock of " + scope.name);
    if (!released && result) result = std::move(released);
  }
  return result;
}

Result<HeldLocks> hold_locks(std::span<const Scope* const> scopes,
                             const LockHolder& holder,
                             const LockActions& actions,
                             const LockPatience& patience,
                             Clock& clock) {
  HeldLocks locks(holder.run, actions.release);
  Taker taker(holder, actions, patience, clock);
  for (const auto& [system, scope] : one_a_system(scopes)) {
    const auto taken = taker.take(*scope);
    if (!taken) return taken.error().in_context(scope->name);
    if (*taken) locks.add(*scope);
  }
  return locks;
}

}  // namespace aegis
