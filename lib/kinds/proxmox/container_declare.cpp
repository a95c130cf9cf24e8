#include "kinds/proxmox/container_declare.h"

#include <array>

#include "kinds/proxmox/guest_declare.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::array<std::string_view, 8> k_not_told{
    "arch", "digest", "lock", "lxc", "ostype", "parent", "snapstate", "snaptime"};

Json spec(const ConfigMap& config, const Json& raw) {
  Json spec = spec_of(config, Json());
  spec["lxc"] = get(raw, "lxc");
  return shape_of_container(spec);
}

const GuestDeclaring& containers() {
  static const GuestDeclaring k_containers{.system = container_system(),
                                           .kind = "container",
                                           .prefix = "ct",
                                           .not_told = k_not_told,
                                           .spec = spec};
  return k_containers;
}

}  // namespace

std::vector<Query> survey_containers(const Batch& batch, const Replies& replies) {
  return survey_guests(containers(), batch, replies);
}

Result<std::vector<Declaration>> declare_containers(const Batch& batch, const Replies& replies) {
  return declare_guests(containers(), batch, replies);
}

}  // namespace aegis::proxmox
