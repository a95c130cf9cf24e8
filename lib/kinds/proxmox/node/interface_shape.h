#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis::proxmox {

/// An interface as the diff compares it: `type` and `autostart` are always told, everything else is
/// left out where it is the default. Takes a manifest's entry as well as the API's.
Json shape_of_interface(std::string_view name, const Json& interface);

/// The same for what the API shows: there, no `autostart` means that it is off.
Json shape_of_live_interface(std::string_view name, const Json& interface);

/// The attributes that the API can take away ("delete"), in the order of the file.
const std::vector<std::string>& removable_attributes();

}  // namespace aegis::proxmox
