#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

// Handlers of /version, /cluster, /nodes (without guests), /storage and /pools; each answers one
// method of one path.
Answer read_version(World& world, const Call& call);
Answer list_resources(World& world, const Call& call);
Answer cluster_status(World& world, const Call& call);
Answer next_id(World& world, const Call& call);
Answer cluster_options(World& world, const Call& call);
Answer list_nodes(World& world, const Call& call);
Answer node_status(World& world, const Call& call);
Answer list_templates(World& world, const Call& call);
Answer download_template(World& world, const Call& call);

Answer list_tasks(World& world, const Call& call);
Answer task_index(World& world, const Call& call);
Answer task_status(World& world, const Call& call);
Answer task_log(World& world, const Call& call);
Answer stop_task(World& world, const Call& call);

Answer list_storage_config(World& world, const Call& call);
Answer read_storage_config(World& world, const Call& call);
Answer create_storage(World& world, const Call& call);
Answer update_storage(World& world, const Call& call);
Answer delete_storage(World& world, const Call& call);
Answer list_storages(World& world, const Call& call);
Answer storage_status(World& world, const Call& call);
Answer list_content(World& world, const Call& call);

Answer list_pools(World& world, const Call& call);
Answer create_pool(World& world, const Call& call);
Answer update_pool(World& world, const Call& call);
Answer delete_pool(World& world, const Call& call);
Answer read_pool(World& world, const Call& call);

/// A storage as the lists of storages show it.
Json storage_item(const World& world, const Storage& storage);

}  // namespace aegis::simulator
