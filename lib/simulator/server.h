#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "simulator/host.h"
#include "simulator/options.h"

namespace aegis::simulator {

/// A simulated host behind real HTTPS on 127.0.0.1: a self-signed certificate that is made at the
/// start, kept-alive connections that end after 100 requests or 5 s of silence, reason phrases in
/// the host's own words.
class Server {
 public:
  /// Starts serving, on the options' port. `io` when the port is taken, or the state folder holds a
  /// state that cannot be read.
  static Result<std::unique_ptr<Server>> start(SimulatorOptions options);

  /// Ends all connections and waits for the threads.
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url() const;              ///< "https://127.0.0.1:PORT"
  [[nodiscard]] std::string fingerprint() const;      ///< SHA-256 of the certificate, "AA:BB:..."
  [[nodiscard]] std::string certificate_pem() const;  ///< to trust it as a CA file
  [[nodiscard]] Secret token() const;                 ///< "root@pam!aegis=SECRET"

  /// The world behind it: for faults, populations and looking inside.
  [[nodiscard]] Host& host();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace aegis::simulator
