#pragma once

#include <string>
#include <string_view>

#include "simulator/world.h"

namespace aegis::simulator {

/// storage.cfg of a fresh host: the storages of the options.
SectionFile first_storage_file(const SimulatorOptions& options);

/// Puts the files of the options on the storages of the node that the world is on.
void add_first_files(World& world);

/// Makes the storages that every node works with those of storage.cfg. `local` comes back when it
/// was removed, as on a real host. To be called whenever storage.cfg changed.
void refresh_storages(World& world);

/// Why the storage cannot be brought up in this world (a path, pool or server that is not there),
/// in Proxmox's words; "" when it can.
std::string activation_problem(const World& world, std::string_view id, const Section& section);

}  // namespace aegis::simulator
