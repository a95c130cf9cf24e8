#pragma once

#include <string>
#include <string_view>

namespace aegis::proxmox {

/// `text` ("10.1.2.3/24", an address, IPv6 too) as an IP set keeps it: host bits cleared, without
/// /32 and /128. Anything else, such as the name of an alias, in lower case.
std::string canonical_network(std::string_view text);

/// True when `address` is in `range`: an address, a network or "first-last". False when one of them
/// cannot be read, or when they are of different IP versions.
bool is_inside(std::string_view address, std::string_view range);

}  // namespace aegis::proxmox
