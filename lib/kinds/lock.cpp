#include "kinds/lock.h"

#include "kinds/docker/lock.h"
#include "kinds/proxmox/lock.h"

namespace aegis {
namespace {

bool is_server(const Scope& scope) {
  return scope.name.starts_with("server/");
}

}  // namespace

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
