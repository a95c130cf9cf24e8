#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {

/// A network card's text taken apart: "virtio=BC:24:11:...,bridge=vmbr0".
struct Card {
  std::string model;
  std::string mac;
  Properties properties;  ///< without both
};

Card parse_card(std::string_view text);

/// Proxmox's text of `key` for attributes in the shape of machine_shape.h; nothing when the key is
/// to be deleted. `live` is its present text, empty when there is none: the MAC address, the
/// volume and what the manifest language does not know are sent back as they are.
std::optional<std::string> machine_text(std::string_view key,
                                        const Json& wanted,
                                        std::string_view live);

/// True when a host's text for `key` says what `sent` asked for.
bool machine_fulfils(std::string_view key, std::string_view sent, std::string_view read);

/// The device of the cloud-init drive that the attributes ask for.
std::string cloudinit_drive_of(const Json& attributes);

}  // namespace aegis::proxmox
