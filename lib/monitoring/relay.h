#pragma once

#include <set>
#include <string>

#include "base/json.h"

namespace aegis::monitoring {

/// The relay's file, which systemd hands to it as a credential.
constexpr const char* k_relay_file = "/etc/aegisctl-relay/relay.json";

constexpr const char* k_relay_service = "aegisctl-relay.service";
constexpr const char* k_relay_socket = "aegisctl-relay.socket";

/// True when something of the section goes through the relay: a channel that Alertmanager cannot
/// send to itself, or what Proxmox tells; or when the section has `relay`.
bool needs_relay(const Json& alerts);

/// True for a channel that Alertmanager hands to the relay.
bool is_relayed(const Json& channel);

/// Where the relay listens: host and port.
std::string relay_address(const Json& alerts);

/// The relay's configuration, as lib/relay reads it: its token, the channels that go through it,
/// and by severity those that what Proxmox tells goes to. Secrets stay the seals that they are.
Json relay_config(const Json& alerts);

/// Where aegisctl is on the system of the relay.
std::string relay_binary(const Json& alerts);

/// The severities, as routes name them, of what Proxmox sends to the relay.
std::set<std::string> severities_of_proxmox(const Json& alerts);

/// The files of the relay's units of systemd. The service keeps its queue below /var/lib, runs as
/// nobody in particular, and sees nothing but the network, its queue and its credential.
std::string relay_service_text(const Json& alerts);
std::string relay_socket_text(const Json& alerts);

}  // namespace aegis::monitoring
