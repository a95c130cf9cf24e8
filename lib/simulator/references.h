#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

/// What refuses to let the guest of `call` go unless that purges it: a replication job, high
/// availability. `noun` is "CT" or "VM".
Refusal check_references(const World& world, const Call& call, std::string_view noun);

/// Backup jobs, high availability and replication forget the guest.
void purge_references(World& world, int vmid);

/// Pools and grants forget the guest, as they do whenever one is destroyed.
void forget_guest(World& world, int vmid);

}  // namespace aegis::simulator
