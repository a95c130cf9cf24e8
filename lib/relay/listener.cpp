#include "relay/listener.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace aegis::relay {
namespace {

constexpr int k_first_descriptor = 3;  // SD_LISTEN_FDS_START

struct AddressFreer {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressFreer>;

AddressList resolve(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return nullptr;
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo wanted{};
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(
      host.empty() ? nullptr : host.c_str(), address.substr(colon + 1).c_str(), &wanted, &found);
  return AddressList(problem == 0 ? found : nullptr);
}

bool is_said(const char* variable, const std::string& value) {
  const char* const text = std::getenv(variable);
  return text != nullptr && text == value;
}

}  // namespace

Result<Listener> Listener::on(const std::string& address) {
  const AddressList found = resolve(address);
  if (!found) {
    return Error{ErrorCode::rejected,
                 fmt::format("`{}` is no address to listen on; one is 127.0.0.1:9097", address)};
  }
  Listener listener(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  const bool listens =
      listener.descriptor_ >= 0 &&
      ::setsockopt(listener.descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
      ::bind(listener.descriptor_, found->ai_addr, found->ai_addrlen) == 0 &&
      ::listen(listener.descriptor_, SOMAXCONN) == 0;
  if (listens) return listener;
  return Error{ErrorCode::io,
               fmt::format("cannot listen on {}: {}", address, std::strerror(errno))};
}

Result<Listener> Listener::from_systemd() {
  if (!is_said("LISTEN_PID", std::to_string(::getpid())) || !is_said("LISTEN_FDS", "1")) {
    return Error{ErrorCode::rejected,
                 "systemd handed over no socket: start it by its socket unit, or say --listen"};
  }
  return Listener(k_first_descriptor);
}

Listener::~Listener() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Listener::is_ipv6() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family == AF_INET6;
}

int Listener::release() noexcept {
  return std::exchange(descriptor_, -1);
}

}  // namespace aegis::relay
