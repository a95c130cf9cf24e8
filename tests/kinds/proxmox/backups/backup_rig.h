#pragma once

#include <string>
#include <vector>

#include "kinds/proxmox/rig.h"
#include "model/backup.h"

namespace aegis::test {

/// A simulated host with the container "web" (103), running, in the entry "weekly" of `backups`,
/// whose objective is a day.
class BackupRig : public ContainerRig {
 public:
  explicit BackupRig(const Json& more = Json::object(), simulator::SimulatorOptions options = {});

  /// A backup of 103 by hand; its volume. A minute passes before.
  std::string back_up(const std::string& storage = "local");

  /// The volumes of all backups on `local`.
  std::vector<std::string> archives();

  /// Seconds since 1970.
  [[nodiscard]] std::int64_t now();

  Backups backups;
};

}  // namespace aegis::test
