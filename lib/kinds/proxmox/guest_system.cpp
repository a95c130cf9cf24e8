#include "kinds/proxmox/guest_system.h"

#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/live_config.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_text.h"

namespace aegis::proxmox {
namespace {

// A machine's interfaces are called by their keys.
Json part_of(const Json& attributes, std::string_view key, const Json& /*nets*/) {
  return part_of_machine(attributes, key);
}

}  // namespace

std::string GuestSystem::task_type(std::string_view verb) const {
  return fmt::format("{}{}", task_prefix, verb);
}

std::string GuestSystem::path(std::string_view node,
                              std::int64_t vmid,
                              std::string_view rest) const {
  return api_path(fmt::format("/nodes/{}/{}/{}{}", percent_encode(node), api_type, vmid, rest));
}

const GuestSystem& container_system() {
  static const GuestSystem k_system{.noun = "container",
                                    .api_type = "lxc",
                                    .tool = "pct",
                                    .task_prefix = "vz",
                                    .configures_by_task = false,
                                    .is_managed_key = is_managed_key,
                                    .fulfils = fulfils,
                                    .part_of = part_of_container};
  return k_system;
}

const GuestSystem& machine_system() {
  static const GuestSystem k_system{.noun = "virtual machine",
                                    .api_type = "qemu",
                                    .tool = "qm",
                                    .task_prefix = "qm",
                                    .configures_by_task = true,
                                    .is_managed_key = is_managed_machine_key,
                                    .fulfils = machine_fulfils,
                                    .part_of = part_of};
  return k_system;
}

}  // namespace aegis::proxmox
