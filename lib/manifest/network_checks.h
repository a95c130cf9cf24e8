#pragma once

#include "manifest/section_reader.h"
#include "model/desired.h"

namespace aegis {

/// Of guests and of servers' interfaces: reports addresses that are none (300.1.1.1) and a gateway
/// that Proxmox would not keep or a second one of a server, and warns of what is allowed and
/// probably a mistake: a gateway outside of the interface's subnet, one IP or MAC address on two of
/// a server. An MTU that is larger than the declared bridge's is an error.
void check_networks(Reading& reading);

}  // namespace aegis
