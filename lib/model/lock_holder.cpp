#include "model/lock_holder.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace aegis {

std::string describe(const LockHolder& holder) {
  return fmt::format("{} has held it since {:%Y-%m-%dT%H:%M:%S}Z for {}, run {}",
                     holder.who,
                     fmt::gmtime(std::chrono::system_clock::to_time_t(holder.since)),
                     holder.operation,
                     holder.run.empty() ? "unknown" : holder.run);
}

Error locked_by(const LockHolder& holder, std::string_view what) {
  return {ErrorCode::conflict,
          fmt::format("{} is locked: {}. Wait for that run to end; if it no longer exists, "
                      "`aegisctl unlock` frees the lock.",
                      what,
                      describe(holder))};
}

}  // namespace aegis
