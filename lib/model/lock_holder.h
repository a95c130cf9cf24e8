#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aegis {

/// Who holds the lock of a managed system.
struct LockHolder {
  std::string run;        ///< the run's id; empty: not known
  std::string who;        ///< "user@machine (pid 4711)"
  std::string operation;  ///< "apply"
  std::chrono::system_clock::time_point since;
};

/// "user@machine (pid 4711) has held it since 2026-01-31T02:30:00Z for apply, run 3f2a…"
std::string describe(const LockHolder& holder);

/// The `conflict` that `what` ("server/fsn1") is locked by `holder`, with what to do about it.
Error locked_by(const LockHolder& holder, std::string_view what);

}  // namespace aegis
