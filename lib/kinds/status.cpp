#include "kinds/status.h"

#include <array>

#include "kinds/docker/service_status.h"
#include "kinds/proxmox/host_status.h"

namespace aegis {

std::span<const StatusReader> status_readers() {
  static constexpr std::array<StatusReader, 2> k_readers{{
      {"server", proxmox::host_status_queries, proxmox::read_host_status},
      {"stack", docker::service_status_queries, docker::read_service_status},
  }};
  return k_readers;
}

}  // namespace aegis
