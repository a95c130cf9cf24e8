#pragma once

#include "base/json.h"

namespace aegis::proxmox {

/// A virtual machine as the diff compares it, as shape.h has it for containers. Always told are
/// `name`, `state`, `cores`, `sockets`, `memory`, `onboot`, `protection`, `tags`, and the `model`
/// of an interface; everything else is left out when it has Proxmox's default.

/// `spec` (in the manifest's form) in that shape.
Json shape_of_machine(const Json& spec);

/// {model, bridge, ip, gw, ip6, gw6, macaddr, firewall, mtu, rate, tag, trunks, queues, link_down}.
Json shape_of_card(const Json& net);

/// {storage, size}, {volume} or {cdrom}, and the options of a disk.
Json shape_of_drive(const Json& disk);

/// {storage, drive, user, upgrade, type, ssh_keys, nameserver, searchdomain, outdated}.
Json shape_of_cloudinit(const Json& cloudinit);

/// The device of the cloud-init drive when the manifest names none.
inline constexpr std::string_view k_cloudinit_drive = "ide2";

}  // namespace aegis::proxmox
