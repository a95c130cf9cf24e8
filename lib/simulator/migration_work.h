#pragma once

#include <optional>
#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// The wish of a migration call, as the work of its task: {target, online, restart, local_disks,
/// storages: {"local-zfs": "tank", "": of all others}}.
Json migration_wish(const Call& call, std::string_view storages);

/// Starts the task that moves a guest of this node ("vzmigrate", "qmigrate"), or asks the manager
/// of a highly available one for it. The guest is locked until the task ends.
std::string begin_migration(World& world, const Caller& caller, Guest& guest, Json wish);

/// Carries out the verbs "migrate" and "want_node"; nothing for another.
std::optional<std::string> perform_migration_work(World& world, Task& task);

/// What a migration leaves that fails half-way: a container that was to be restarted is down.
void abandon_migration(World& world, const Task& task);

/// The devices of the host that the machine has, by their keys: it cannot move with them.
std::vector<std::string> local_resources(const Machine& machine);

/// The volumes of the guest's disks and CD-ROMs that are on storages of this node alone.
struct LocalDisk {
  std::string volume;
  bool is_cdrom = false;
  bool is_unused = false;
};
std::vector<LocalDisk> local_disks(const World& world, const Machine& machine);

}  // namespace aegis::simulator
