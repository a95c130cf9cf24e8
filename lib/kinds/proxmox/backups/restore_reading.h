#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kinds/proxmox/backups/spare.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/live_config.h"
#include "model/coverage.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// What somebody wants to be restored.
struct RestoreWish {
  Address container = {};
  std::string from = {};        ///< a backup's volume; empty: the newest, or what was begun
  std::int64_t spare_vmid = 0;  ///< 0: 900000 (drills: 800000) and the container's own number
  std::string now = {};         ///< tells this restore from others: the time
  bool without_backup = false;  ///< what it replaces need not be saved
  bool drops_snapshots = false;
  bool is_drill = false;  ///< only to see whether it can be restored
};

/// The number of the container that the restore is made beside.
std::int64_t spare_vmid_of(const Desired& desired, const RestoreWish& wish);

/// What tells whether the container is there: the first of those waves.
std::vector<Query> presence_queries(const Desired& desired, const RestoreWish& wish);

/// Whether the container is there; `half` while a restore of it was begun and not ended.
enum class Presence { absent, half, whole };

/// Fails when the host did not tell, or when another guest has its number.
Result<Presence> presence_of(const Desired& desired,
                             const RestoreWish& wish,
                             const Replies& replies);

/// What to read next: who is there, the backups, and the configuration in the chosen one. Three
/// waves.
std::vector<Query> restore_queries(const Desired& desired,
                                   const RestoreWish& wish,
                                   const Replies& replies);

/// What those replies tell.
struct RestoreFacts {
  bool exists = false;  ///< as a whole: one that is being made or removed is not
  bool is_running = false;
  LiveConfig config;  ///< of the container
  std::vector<Copy> snapshots;
  std::string spare_taken;     ///< who else has the spare's number; empty: nobody
  std::optional<Spare> spare;  ///< one that an earlier restore of this container left
  std::vector<Copy> backups;   ///< newest first
  std::vector<Error> unread;   ///< why there may be more of them
  std::optional<Copy> chosen;  ///< of those; the one that was begun with, when there is a spare
  ConfigMap archived;          ///< the configuration in it
  bool has_raw_lines = false;  ///< there are `lxc.` lines in it, which no call can leave out
  std::string set_aside;       ///< the backup of what is replaced, when it is made already
};

/// Fails when a server did not answer, or when there is no such backup.
Result<RestoreFacts> read_restore(const Desired& desired,
                                  const RestoreWish& wish,
                                  const Replies& replies);

}  // namespace aegis::proxmox
