#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A target of Proxmox's notifications: mail by the host or by a server, Gotify, or a webhook. Ours
/// are those whose comment starts with "aegisctl".
const Kind& endpoint_kind();

}  // namespace aegis
