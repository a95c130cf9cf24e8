#pragma once

#include "manifest/section_reader.h"

namespace aegis {

/// Checks what `servers.NAME.access` declares beyond its schema, and ties it together: names in
/// Proxmox's forms, paths of grants, the containers that pools name, one file a token. A user waits
/// for its declared groups, a token for its user, each holder for the declared roles that it is
/// granted, a pool for its containers. Adds to specs what kinds cannot look up: a pool's `vmids`
/// (container name -> vmid) and a token's `secret_missing`. To be called when all sections are
/// read.
void connect_access(Reading& reading);

}  // namespace aegis
