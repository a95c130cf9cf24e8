#pragma once

#include <memory>

#include "effects/clock.h"
#include "effects/http.h"
#include "effects/shell.h"
#include "model/endpoint.h"
#include "transport/options.h"

namespace aegis::transport {

/// The real doors: HTTP by libcurl, remote shells by libssh, the system's clock. Nothing is
/// connected before it is first used; everything is closed by the destructor, which must not run
/// before all calls have returned. Making one tells the process to ignore SIGPIPE, so that a peer
/// that hangs up is an error value.
class SystemDoors {
 public:
  /// Keeps a copy of both.
  explicit SystemDoors(const Connections& connections, const TransportOptions& options = {});
  ~SystemDoors();

  /// Knows the endpoints "proxmox/SERVER" and every key of `Connections::engines`,
  /// `Connections::services` and `Connections::sites`. A request to any other endpoint, or one that
  /// HTTP cannot carry, is a `rejected` error.
  HttpTransport& http();

  /// Knows the hosts "host/SERVER", "host/SERVER/new", which is the same over a connection that is
  /// made for the command, and "guest/SERVER/VMID"; any other is a `rejected` error.
  RemoteShell& shell();

  Clock& clock();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace aegis::transport
