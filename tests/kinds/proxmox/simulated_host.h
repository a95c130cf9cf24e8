#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "simulator/options.h"
#include "support/fake_clock.h"
#include "support/simulated_proxmox.h"

namespace aegis::test {

/// A simulated host on a clock that stands still, and calls to it by hand.
class SimulatedHost {
 public:
  explicit SimulatedHost(simulator::SimulatorOptions options = {});

  /// The parsed `data` of a GET as root; fails the test when it is refused.
  Json get(const std::string& path) { return by_hand("GET", path); }

  /// A call by hand, as root: "POST", "/nodes/pve/lxc/103/status/stop". Fails the test when
  /// refused; returns its `data`.
  Json by_hand(const std::string& method,
               const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& form = {});

  simulator::Host& host() { return http_.host(); }
  SimulatedProxmox& http() { return http_; }
  FakeClock& clock() { return clock_; }

 private:
  FakeClock clock_;
  SimulatedProxmox http_;
};

}  // namespace aegis::test
