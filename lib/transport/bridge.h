#pragma once

#include <netinet/in.h>

#include <optional>

#include "transport/unique_fd.h"

namespace aegis::transport {

/// Two ends of a stream that is not connected yet: libcurl connects `client` to `address`, and
/// `accept_own` takes the other end. (A socket pair would do, if libcurl 7.88 kept its promise to
/// accept a socket that is connected already, or reused a unix socket without a path.)
struct BridgeDoor {
  UniqueFd listener;      ///< non-blocking, on loopback
  UniqueFd client;        ///< bound to `client_port`, so that its connection can be told
  sockaddr_in address{};  ///< of the listener
  in_port_t client_port = 0;
};

/// Opens one; nothing when the system has no socket or port left.
std::optional<BridgeDoor> open_bridge_door();

/// The connection from `client_port`, non-blocking, or an invalid descriptor when it has not
/// arrived. Others can find the door, and are turned away.
UniqueFd accept_own(int listener, in_port_t client_port);

}  // namespace aegis::transport
