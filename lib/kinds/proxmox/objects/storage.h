#pragma once

#include "kinds/kind.h"

namespace aegis {

/// An entry of storage.cfg: where a server, or its cluster, keeps volumes, templates or backups.
/// It carries no marker, so it is managed where a manifest names it and never an orphan. Removing
/// the entry removes no data.
const Kind& storage_kind();

}  // namespace aegis
