#include "kinds/lock.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "kinds/docker/lock.h"
#include "kinds/proxmox/lock.h"

namespace aegis {
namespace {

bool is_server(const Scope& scope) {
  return scope.name.starts_with("server/");
}

}  // namespace

std::string describe(const LockHolder& holder) {
  return fmt::format("{} has held it since {:%Y-%m-%dT%H:%M:%S}Z for {}, run {}",
                     holder.who,
                     fmt::gmtime(std::chrono::system_clock::to_time_t(holder.since)),
                     holder.operation,
                     holder.run);
}

Result<Done> take_lock(const Scope& scope, const LockHolder& holder, Effects& effects) {
  return is_server(scope) ? proxmox::take_lock(scope, holder, effects)
                          : docker::take_lock(scope, holder, effects);
}

Result<std::optional<LockHolder>> read_lock(const Scope& scope, Effects& effects) {
  return is_server(scope) ? proxmox::read_lock(scope, effects) : docker::read_lock(scope, effects);
}

Result<Done> release_lock(const Scope& scope, const std::string& run, Effects& effects) {
  return is_server(scope) ? proxmox::release_lock(scope, run, effects)
                          : docker::release_lock(scope, run, effects);
}

}  // namespace aegis
