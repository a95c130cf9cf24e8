#pragma once

#include <span>
#include <string_view>

#include "simulator/schema.h"

namespace aegis::simulator {

/// The field of a virtual machine's configuration key, or null.
const Field* machine_field(std::string_view key);

/// True for the keys that end up on the cloud-init drive.
bool is_cloudinit_key(std::string_view key);

/// Parameters of POST /nodes/{node}/qemu, of PUT .../config and of POST .../config.
std::span<const Field> create_machine_fields();
std::span<const Field> update_machine_fields();
std::span<const Field> update_machine_later_fields();

}  // namespace aegis::simulator
