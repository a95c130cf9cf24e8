#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A network interface of a server: a bridge, a bond, a VLAN or a card. Changes go to Proxmox's
/// staged file; one reload at the end puts all of them in force. Ours are those whose comment
/// starts with "aegisctl"; one without any comment counts as ours where a manifest names it.
const Kind& interface_kind();

}  // namespace aegis
