#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

// Handlers of files on storages; each answers one method of one path.
Answer download_url(World& world, const Call& call);
Answer upload_file(World& world, const Call& call);
Answer read_url_metadata(World& world, const Call& call);
Answer read_volume(World& world, const Call& call);
Answer update_volume(World& world, const Call& call);
Answer delete_volume(World& world, const Call& call);

/// True when the caller may read the volume, which depends on its content.
bool sees_volume(const World& world,
                 const Caller& caller,
                 const std::string& storage,
                 const Volume& volume);

/// Where the storage keeps the volume on the host's disks.
std::string volume_path(const World& world, std::string_view volume_id);

}  // namespace aegis::simulator
