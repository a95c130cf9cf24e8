#pragma once

#include <string>
#include <string_view>

#include "simulator/world.h"

namespace aegis::simulator {

/// `value` as the host stores it at `key`: tags sorted and lower-cased, lists joined with blanks,
/// nets re-printed (with a fresh MAC when they name none), the empty text as one blank. rootfs, mp,
/// features, startup and dev stay as they are.
std::string stored_value(World& world, std::string_view key, std::string_view value);

/// The members of a net string.
Parameters parse_net(std::string_view value);

/// Why a mount point's volume cannot be made or used: unparseable, unknown storage, wrong content.
Refusal check_volume(const World& world, std::string_view key, std::string_view value);

/// Makes what the value of a mount key asks for (a disk of that size) and returns it as stored,
/// with the size that the storage tells. `default_storage` stands in for a bare number.
std::string realise_mount(World& world,
                          int vmid,
                          std::string_view key,
                          std::string_view value,
                          std::string_view default_storage);

}  // namespace aegis::simulator
