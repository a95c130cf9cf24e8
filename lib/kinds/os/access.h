#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "kinds/kind.h"
#include "kinds/os/facts.h"

namespace aegis::os {

/// "/etc/motd" of the address "guest/aegis/file/etc/motd".
std::string path_of(const Address& address);

/// Owner, group and mode as `spec` wants them: {"owner", "group", "mode"}, root's when it does not
/// say, and `mode` when it has none.
Json wanted_access(const Json& spec, std::string_view mode);

/// The same of what is there. A number in `spec` is compared with a number.
Json live_access(const PathFacts& seen, const Json& spec);

/// Why what is there is not what was to be there ("a symbolic link"), as a note that holds the
/// change back.
Diagnostic wrong_type(const Resource& resource, const PathFacts& seen, std::string_view wanted);

}  // namespace aegis::os
