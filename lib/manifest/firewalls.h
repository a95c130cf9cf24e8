#pragma once

#include "manifest/section_reader.h"

namespace aegis {

/// Makes a resource of every guest's `firewall`, and says what the schemas cannot: a rule
/// without exactly one direction, ports without a protocol, interfaces of guests that Proxmox
/// does not know, a firewall that acts on no interface. Firewalls wait for what they need: a
/// server's for the datacenter's, a guest's for both and for the guest. To be called when
/// all sections are read.
void connect_firewalls(Reading& reading);

}  // namespace aegis
