#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::proxmox {

/// The names of the addresses in `text` (of /etc/hosts) that `declared` has, and of those whose
/// line carries our marker: {"10.10.10.103": ["aegis", "aegis.lan"]}.
Json managed_hosts(std::string_view text, const Json& declared);

/// The names of all addresses in `text` but the machine's own (127.0.0.1, ::1) and IPv6's special
/// ones, in that form.
Json hosts_of_others(std::string_view text);

/// `text` with the lines for `declared` and no other line of ours: those of other addresses stay as
/// they are. Our lines end with "# aegisctl".
std::string with_hosts(std::string_view text, const Json& declared);

}  // namespace aegis::proxmox
