#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A file of a storage that guests are made from: a container template, an ISO or disk image. From
/// Proxmox's appliance index, or from a URL. That a file of the name is there is enough: it is not
/// compared, carries no marker, and is never an orphan.
const Kind& template_kind();

}  // namespace aegis
