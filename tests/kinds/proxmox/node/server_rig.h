#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kinds/proxmox/kind_rig.h"
#include "kinds/proxmox/simulated_host.h"
#include "model/report.h"

namespace aegis::test {

/// A simulated host and what is wanted of the server itself, for one kind of its resources.
class ServerRig : public SimulatedHost, public KindRig {
 public:
  explicit ServerRig(const Kind& kind, simulator::SimulatorOptions options = {});

  /// Declares a resource; a null spec takes it out. `section` counts as managed from then on.
  void want(const std::string& section, const std::string& name, const Json& spec);
  /// The address at which the server is said to be reached.
  void reach_at(const std::string& address) { settings()["reached_at"] = {address}; }

  /// Plans and performs as the engine does, with groups and their undoing.
  Report apply(const PlanOptions& options = {});

  /// The whole answer to a GET below /api2/json/nodes/pve.
  Json get(const std::string& path);
  /// A call by hand below /api2/json/nodes/pve.
  void by_hand(const std::string& method,
               const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& form = {}) {
    SimulatedHost::by_hand(method, "/nodes/pve" + path, form);
  }

 private:
  const Kind& kind_;
};

/// The only change of `plan`; fails the test when there is another number of them.
const Change& only_change(const Plan& plan);

}  // namespace aegis::test
