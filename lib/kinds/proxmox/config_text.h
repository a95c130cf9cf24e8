#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::proxmox {

/// Proxmox's texts for attributes in the shape of shape.h. `live` is the present text of the key,
/// empty when there is none: what the manifest language does not know in it (a MAC address that it
/// does not set, a disk's volume, new properties) is sent back as it is.

/// The text of `net`, whose interface is called `name`.
std::string net_text(std::string_view name, const Json& net, std::string_view live);

/// The text of a root disk or mount point. Without a live volume that fits it asks for a new one
/// ("local-zfs:4,mp=/srv"); the size of a present one is the wanted one: it is resized before.
std::string disk_text(const Json& disk, std::string_view live);

/// The text of a device: "/dev/net/tun,mode=0666".
std::string device_text(const Json& device, std::string_view live);

/// The text of one of the other keys (features, startup, nameserver, memory, ...); nothing when the
/// key is to be deleted.
std::optional<std::string> plain_text(std::string_view key,
                                      const Json& attributes,
                                      std::string_view live);

/// The volume that a disk's text names: "local-zfs:subvol-103-disk-0", or a path.
std::string volume_of(std::string_view text);

/// The size in a disk's text, in bytes.
std::optional<std::int64_t> size_of(std::string_view text);

/// True when a host's text for `key` says what `sent` asked for: properties in any order, lists in
/// any spelling, a volume for the wish for one, generated properties besides.
bool fulfils(std::string_view key, std::string_view sent, std::string_view read);

}  // namespace aegis::proxmox
