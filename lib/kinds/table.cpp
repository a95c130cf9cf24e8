#include "kinds/table.h"

#include <array>

#include "kinds/docker/network.h"
#include "kinds/docker/service.h"
#include "kinds/docker/volume.h"
#include "kinds/proxmox/container.h"

namespace aegis {

std::span<const Kind> all_kinds() {
  // Explicit, because a static library drops objects that only register themselves.
  static const std::array<Kind, 4> k_kinds{
      container_kind(), network_kind(), volume_kind(), service_kind()};
  return k_kinds;
}

const Kind* find_kind(std::span<const Kind> kinds, std::string_view name) {
  for (const Kind& kind : kinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace aegis
