#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/live_config.h"
#include "model/backup.h"
#include "model/desired.h"
#include "model/world.h"

namespace aegis::proxmox {

/// What a guest must have before it may be removed or replaced.
struct BackupGuard {
  std::int64_t now = 0;                     ///< seconds since 1970
  std::optional<std::chrono::seconds> age;  ///< for all; else each guest's objective, else a day
  std::vector<std::string> without;         ///< addresses that may go without a backup
};

/// Notes the guard in the settings of every server (`backup_guard`), so that reading its guests
/// looks for their backups too. Does nothing where `backups` is empty: who keeps no backups is not
/// asked for them.
void set_guard(Desired& desired, const Backups& backups, const BackupGuard& guard);

/// True when the guests of the server are guarded.
bool is_guarded(const Scope& scope);

/// Notes in `live.context` what stands against removing it: no backup that is new enough, or parts
/// that are in none. `config` is its configuration.
void add_guard(const Scope& scope,
               const Replies& replies,
               const GuestSystem& system,
               const ConfigMap& config,
               Observation& live);

/// What add_guard noted, with what to do about it; empty when nothing stands against it.
std::string missing_backup(const Observation& live);

}  // namespace aegis::proxmox
