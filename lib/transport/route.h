#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "effects/shell.h"
#include "model/endpoint.h"
#include "transport/bridge.h"
#include "transport/channel_job.h"
#include "transport/options.h"
#include "transport/ssh_hosts.h"
#include "transport/tls_trust.h"

namespace aegis::transport {

/// How HTTP gets to an endpoint.
struct Route {
  std::string base_url;           ///< scheme, host and port, without a slash at the end
  std::string unix_socket;        ///< when not empty: connect there
  std::string host_header;        ///< when not empty: instead of the URL's host
  std::shared_ptr<TlsTrust> tls;  ///< for https
  bool may_use_proxy = false;     ///< by the environment's variables
  bool is_api = false;            ///< Proxmox: it compresses, and limits concurrent writes
  int connections = 8;            ///< at a time

  /// When set, a connection is a channel: connects what arrives at the door to the host, and
  /// returns at once with the job that tells what became of it.
  std::function<std::shared_ptr<ChannelJob>(BridgeDoor)> dial;
};

/// Finds the route of an endpoint. Thread-safe.
class Router {
 public:
  Router(const Connections& connections,
         const TransportOptions& options,
         SshHosts& hosts,
         RemoteShell& shell)
      : connections_(connections), options_(options), hosts_(hosts), shell_(shell) {}

  /// The route to the API of a server: its url, or through its SSH connection. Without a pin or a
  /// CA of its own, the latter asks the host over SSH which certificate its API shows, and pins
  /// that.
  Result<Route> to_proxmox(const Server& server);

  /// The route to a Docker engine.
  Result<Route> to_engine(const Engine& engine);

  /// The route to a port that a server or a container sees. A container needs bash for it.
  Result<Route> to_service(const InnerService& service);

  /// The route to a service of others, by its scheme, host and port; TLS is verified against the
  /// system's authorities.
  Result<Route> to_site(const std::string& site);

 private:
  Result<Route> to_url(const Server& server);
  Result<Route> through_ssh(const Server& server);
  Result<std::string> host_certificate(const Server& server);
  Result<Route> to_program(const SshConnection& connection,
                           std::string_view command,
                           std::string host_header);
  Route to_port(const SshConnection& connection, ForwardTarget target);

  const Connections& connections_;
  const TransportOptions& options_;
  SshHosts& hosts_;
  RemoteShell& shell_;
};

}  // namespace aegis::transport
