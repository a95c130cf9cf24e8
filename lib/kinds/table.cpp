#include "kinds/table.h"

#include <array>

#include "kinds/cloudflare/record.h"
#include "kinds/docker/image.h"
#include "kinds/docker/network.h"
#include "kinds/docker/service.h"
#include "kinds/docker/swarm/swarm_file.h"
#include "kinds/docker/swarm/swarm_network.h"
#include "kinds/docker/swarm/swarm_service.h"
#include "kinds/docker/volume.h"
#include "kinds/os/checkout.h"
#include "kinds/os/directory.h"
#include "kinds/os/file.h"
#include "kinds/os/os_group.h"
#include "kinds/os/os_user.h"
#include "kinds/os/package.h"
#include "kinds/os/sysctl.h"
#include "kinds/os/unit.h"
#include "kinds/proxmox/access/group.h"
#include "kinds/proxmox/access/pool.h"
#include "kinds/proxmox/access/role.h"
#include "kinds/proxmox/access/token.h"
#include "kinds/proxmox/access/user.h"
#include "kinds/proxmox/container.h"
#include "kinds/proxmox/content/template.h"
#include "kinds/proxmox/firewall/firewall.h"
#include "kinds/proxmox/machine.h"
#include "kinds/proxmox/node/interface.h"
#include "kinds/proxmox/node/setting.h"
#include "kinds/proxmox/objects/backup_job.h"
#include "kinds/proxmox/objects/endpoint.h"
#include "kinds/proxmox/objects/ha_group.h"
#include "kinds/proxmox/objects/ha_resource.h"
#include "kinds/proxmox/objects/matcher.h"
#include "kinds/proxmox/objects/metric.h"
#include "kinds/proxmox/objects/replication_job.h"
#include "kinds/proxmox/objects/storage.h"

namespace aegis {

std::span<const Kind> all_kinds() {
  // Explicit, because a static library drops objects that only register themselves.
  static const std::array k_kinds{
      role_kind(),          group_kind(),        user_kind(),
      token_kind(),         setting_kind(),      interface_kind(),
      storage_kind(),       template_kind(),     metric_kind(),
      endpoint_kind(),      matcher_kind(),      ha_group_kind(),
      container_kind(),     firewall_kind(),     machine_kind(),
      pool_kind(),          backup_job_kind(),   replication_job_kind(),
      ha_resource_kind(),   package_kind(),      os_group_kind(),
      os_user_kind(),       directory_kind(),    file_kind(),
      checkout_kind(),      unit_kind(),         sysctl_kind(),
      network_kind(),       volume_kind(),       service_kind(),
      swarm_config_kind(),  swarm_secret_kind(), swarm_network_kind(),
      swarm_service_kind(), record_kind(),
  };
  return k_kinds;
}

std::span<const Kind> upkeep_kinds() {
  static const std::array k_kinds{image_kind()};
  return k_kinds;
}

const Kind* find_kind(std::span<const Kind> kinds, std::string_view name) {
  for (const Kind& kind : kinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace aegis
