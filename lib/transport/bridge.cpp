#include "transport/bridge.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace aegis::transport {
namespace {

constexpr int k_backlog = 8;

// A socket on a free loopback port, which is written to `address`.
UniqueFd bound_socket(sockaddr_in& address) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (!fd.valid() || ::bind(fd.get(), raw, size) != 0 || ::getsockname(fd.get(), raw, &size) != 0) {
    fd.reset();
  }
  return fd;
}

}  // namespace

std::optional<BridgeDoor> open_bridge_door() {
  BridgeDoor door;
  sockaddr_in client_address{};
  door.listener = bound_socket(door.address);
  door.client = bound_socket(client_address);
  door.client_port = client_address.sin_port;
  if (!door.listener.valid() || !door.client.valid()) return std::nullopt;
  if (::listen(door.listener.get(), k_backlog) != 0) return std::nullopt;
  return door;
}

UniqueFd accept_own(int listener, in_port_t client_port) {
  while (true) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    UniqueFd stream(::accept4(
        listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!stream.valid()) return stream;
    if (peer.sin_addr.s_addr != htonl(INADDR_LOOPBACK) || peer.sin_port != client_port) continue;
    const int on = 1;
    ::setsockopt(stream.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return stream;
  }
}

}  // namespace aegis::transport
