#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::proxmox {

/// Proxmox's keys and values of a container ("net0" -> "name=eth0,..."), as text.
using ConfigMap = std::map<std::string, std::string, std::less<>>;

/// A container's configuration as `GET .../pending` tells it.
struct LiveConfig {
  ConfigMap requested;            ///< with what waits for a restart
  ConfigMap current;              ///< what is in force
  std::set<std::string> waiting;  ///< keys whose two values differ
  std::string digest;
};

/// The configuration in the `data` of `GET .../pending`.
LiveConfig parse_pending(const Json& data);

/// The key of the network device that each interface name has: "eth0" -> "net0". Of two devices
/// with one name the second is called "eth0@net1".
std::map<std::string, std::string> net_keys(const ConfigMap& config);

/// `config` in the form of a manifest, to be given to shape_of_container. `declared` is the
/// manifest's own spec (null for none): a MAC address is only told where it declares one, and a
/// mount point is told by `volume` where it declares that.
Json spec_of(const ConfigMap& config, const Json& declared);

/// The part of the attributes that Proxmox keeps under `key`; null when there is none. `nets` are
/// the keys of all interfaces by their names. Sizes are left out: a disk is resized by a call of
/// its own, whatever waits.
Json part_of_container(const Json& attributes, std::string_view key, const Json& nets);

/// True for the keys that a manifest can set; all others are left alone.
bool is_managed_key(std::string_view key);

}  // namespace aegis::proxmox
