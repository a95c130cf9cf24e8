#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace aegis::transport {

/// How this machine reaches out; what is reached stands in Connections.
struct TransportOptions {
  std::string known_hosts_file;  ///< empty: ~/.ssh/known_hosts and the system's
  std::string ssh_config_file;   ///< empty: ~/.ssh/config and the system's; "none": no file
  bool use_ssh_agent = true;     ///< the agent behind SSH_AUTH_SOCK

  /// Honour HTTPS_PROXY, ALL_PROXY and NO_PROXY for Proxmox urls. Tunnels and sockets never use
  /// one.
  bool proxy_from_environment = true;

  /// HTTP connections to one endpoint that are open at a time. Engines behind SSH get at most 4,
  /// because each of their connections is a program on the host.
  int max_connections = 8;

  /// How long a request may wait for one of those connections. Its own time begins after that.
  std::chrono::milliseconds connection_patience{std::chrono::minutes(10)};

  int proxmox_port = 8006;  ///< where the API listens on a host that is reached through SSH

  std::chrono::milliseconds connect_timeout{10'000};  ///< TCP, TLS and SSH log in, each

  /// Called with one line an exchange, from any thread but one at a time. Never sees a body, a
  /// query, a header or a program's arguments. Empty: nothing is logged.
  std::function<void(std::string_view)> log;
};

}  // namespace aegis::transport
