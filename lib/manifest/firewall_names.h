#pragma once

#include "manifest/section_reader.h"
#include "model/desired.h"

namespace aegis {

/// Reports aliases, IP sets and security groups that the rules and sets of a firewall name and that
/// are nowhere: Proxmox would refuse them. Those of the datacenter are only known where its
/// firewall is declared, which is then all of it. To be called when every firewall is a resource.
void check_firewall_names(const Resource& firewall, Reading& reading);

}  // namespace aegis
