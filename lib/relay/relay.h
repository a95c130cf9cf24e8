#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "effects/http.h"
#include "relay/config.h"
#include "relay/courier.h"
#include "relay/http_server.h"

namespace aegis::relay {

/// Takes messages from Alertmanager and Proxmox, keeps them on disk, and has couriers bring them to
/// people. Thread-safe.
class Relay {
 public:
  /// Keeps its queues below `folder`. `http` must know each `endpoint_of` of the config's
  /// destinations, and outlive the relay. `io` when a queue cannot be opened.
  static Result<std::unique_ptr<Relay>> open(const Config& config,
                                             const std::filesystem::path& folder,
                                             HttpTransport& http,
                                             const Log& log,
                                             Patience patience = {});

  /// Answers a call: POST /alertmanager/CHANNEL, POST /proxmox, GET /metrics, GET /healthy. A
  /// message that is answered with 200 is on disk. 503 says that it could not be kept: the sender
  /// must try again.
  Answer answer(const Call& call);

 private:
  using Couriers = std::vector<std::unique_ptr<Courier>>;

  explicit Relay(const Config& config) : token_(config.token), routes_(config.routes) {}
  Answer take_from_alertmanager(const std::string& channel, const std::string& body);
  Answer take_from_proxmox(const std::string& body);
  Answer hand_over(const Notice& notice, const std::vector<std::string>& channels);
  [[nodiscard]] std::string metrics() const;

  Secret token_;
  std::map<std::string, std::vector<std::string>> routes_;
  std::map<std::string, Couriers> couriers_;  ///< by channel
  Log log_;
};

/// What HttpTransport calls the site of a destination: "relay/phone".
std::string endpoint_of(const Destination& destination);

}  // namespace aegis::relay
