#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace aegis::proxmox {

/// How this program reaches the server, as far as the server's firewall sees it.
struct WayIn {
  std::string source;       ///< our address; empty when it is not known
  std::string destination;  ///< the server's address that we reach; empty when it is not known
  std::vector<int> ports;   ///< TCP: of SSH, of the API
  std::vector<std::string> local_networks;  ///< what Proxmox takes for the server's own network
};

/// Why the server could not be reached any more when its firewall was as told, and what to do about
/// it; empty when it could be, when the firewall is off, or when we come from the server itself.
/// Pure. `datacenter` and `node` are firewalls in the shape of model.h.
///
/// The order is Proxmox's: the node's rules, the datacenter's, then the set `management` and the
/// local network (for SSH and the web interface only), then the policy. What is not certain counts
/// against us: a rule for one interface does not let us in, and may shut us out. Without a known
/// source, a rule or set that lets anybody in is enough.
std::string lockout(const Json& datacenter, const Json& node, const WayIn& way);

}  // namespace aegis::proxmox
