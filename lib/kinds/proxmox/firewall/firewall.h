#pragma once

#include "kinds/kind.h"

namespace aegis {

/// The Proxmox firewall of one level: the datacenter's, a node's, or a container's. A level that is
/// declared is ours as a whole: rules, sets and options that the manifest does not have are taken
/// away. The mark of an owner is a rule that is switched off, with a comment that starts with
/// "aegisctl:"; a level that exists without it is adopted first.
const Kind& firewall_kind();

}  // namespace aegis
