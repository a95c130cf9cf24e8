#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

// Handlers of /nodes/{node}/lxc and what lies below; each answers one method of one path.
Answer list_containers(World& world, const Call& call);
Answer create_container(World& world, const Call& call);
Answer container_index(World& world, const Call& call);
Answer destroy_container(World& world, const Call& call);
Answer read_config(World& world, const Call& call);
Answer read_pending(World& world, const Call& call);
Answer status_index(World& world, const Call& call);
Answer read_status(World& world, const Call& call);
Answer start_container(World& world, const Call& call);
Answer stop_container(World& world, const Call& call);
Answer shut_container_down(World& world, const Call& call);
Answer reboot_container(World& world, const Call& call);
Answer resize_disk(World& world, const Call& call);
Answer read_feature(World& world, const Call& call);

}  // namespace aegis::simulator
