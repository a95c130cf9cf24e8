#pragma once

#include <string>

#include "simulator/world.h"

namespace aegis::simulator {

/// POST /nodes/{node}/qemu with an archive: makes a machine from a backup, or puts one that is
/// stopped back (`force`).
Answer restore_machine(World& world, const Call& call);

/// Its task. Drives that are not in the archive stay as unused disks of a machine that was there.
std::string perform_machine_restore(World& world, Task& task);

/// What a restore that fails leaves: the machine as it was, or none.
void abandon_machine_restore(World& world, const Task& task);

/// True when the drive goes into backups: it is no CD-ROM and does not say `backup=0`.
bool is_backed_up(std::string_view key, std::string_view value);

}  // namespace aegis::simulator
