#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "effects/http.h"
#include "simulator/host.h"

namespace aegis::test {

/// The door to HTTP with a simulated Proxmox host behind it, in the same process: "proxmox/..."
/// endpoints are answered at once, any other endpoint fails the test. Dropped connections and
/// 596s come back as a real transport would hand them on. Thread-safe.
class SimulatedProxmox : public HttpTransport {
 public:
  /// A host by `options`, called as root@pam with a ticket.
  explicit SimulatedProxmox(simulator::SimulatorOptions options = {});

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

  /// From now on requests carry this API token ("user@realm!name=SECRET"), those marked `as_root`
  /// excepted.
  void use_token(std::string token);
  /// From now on requests are root@pam's.
  void use_root();

  [[nodiscard]] simulator::Host& host() { return *host_; }

  /// "GET /api2/json/version" of every request since the start or the last `clear_log`, in order.
  [[nodiscard]] std::vector<std::string> log() const;
  void clear_log();

 private:
  simulator::Request translate(const HttpRequest& request) const;

  std::unique_ptr<simulator::Host> host_;
  mutable std::mutex mutex_;
  std::optional<std::string> token_;
  std::vector<std::string> log_;
};

}  // namespace aegis::test
