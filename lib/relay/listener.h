#pragma once

#include <string>

#include "base/result.h"

namespace aegis::relay {

/// A TCP socket that listens; closed by the destructor unless somebody took it over.
class Listener {
 public:
  /// On `address`, HOST:PORT or [HOST]:PORT with a numeric host; port 0 takes a free one.
  /// `rejected` for what is no address, `io` when it cannot be listened on.
  static Result<Listener> on(const std::string& address);

  /// The one that systemd hands over (socket activation): the environment's LISTEN_PID and
  /// LISTEN_FDS say whether there is. `rejected` when there is not exactly one.
  static Result<Listener> from_systemd();

  Listener(Listener&& other) noexcept : descriptor_(other.release()) {}
  Listener& operator=(Listener&&) = delete;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool is_ipv6() const;

  /// The descriptor, which is the caller's to close from now on.
  int release() noexcept;

 private:
  explicit Listener(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace aegis::relay
