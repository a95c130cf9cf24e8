#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

// Handlers of /nodes/{node}/qemu and what lies below; each answers one method of one path. Changes
// of the configuration are in qemu_update.h.
Answer list_machines(World& world, const Call& call);
Answer create_machine(World& world, const Call& call);
Answer machine_index(World& world, const Call& call);
Answer destroy_machine(World& world, const Call& call);
Answer read_machine_config(World& world, const Call& call);
Answer read_machine_pending(World& world, const Call& call);
Answer read_cloudinit(World& world, const Call& call);
Answer regenerate_cloudinit(World& world, const Call& call);
Answer read_machine_status(World& world, const Call& call);
Answer start_machine(World& world, const Call& call);
Answer stop_machine(World& world, const Call& call);
Answer shut_machine_down(World& world, const Call& call);
Answer reboot_machine(World& world, const Call& call);
Answer resize_machine_disk(World& world, const Call& call);
Answer make_template(World& world, const Call& call);
Answer clone_machine(World& world, const Call& call);

}  // namespace aegis::simulator
