#pragma once

#include <span>
#include <string_view>

#include "simulator/schema.h"

namespace aegis::simulator {

/// The keys of a container's configuration, with their types and formats.
std::span<const Field> container_fields();

/// The configuration field for `key`, or null.
const Field* container_field(std::string_view key);

/// Fields of the parsed property strings.
const Field& net_field();
const Field& mount_point_field();
const Field& rootfs_field();
const Field& features_field();
const Field& device_field();

/// Parameters of POST /nodes/{node}/lxc and of PUT .../config: the keys and what each adds.
std::span<const Field> create_fields();
std::span<const Field> update_fields();

}  // namespace aegis::simulator
