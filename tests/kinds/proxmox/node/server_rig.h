#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/vault.h"
#include "kinds/kind.h"
#include "model/report.h"
#include "plan/make_plan.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "support/simulated_proxmox.h"

namespace aegis::test {

/// A simulated host and what is wanted of the server itself, for one kind of its resources.
class ServerRig {
 public:
  explicit ServerRig(const Kind& kind, simulator::SimulatorOptions options = {});

  /// Declares a resource; a null spec takes it out. `section` counts as managed from then on.
  void want(const std::string& section, const std::string& name, const Json& spec);
  /// The address at which the server is said to be reached.
  void reach_at(const std::string& address);

  Plan plan(const PlanOptions& options = {});
  /// Plans and performs as the engine does.
  Report apply(const PlanOptions& options = {});
  /// Applies, demands success, and demands that the next plan is empty.
  void converge(const PlanOptions& options = {});

  /// The whole answer to a GET below /api2/json/nodes/pve.
  Json get(const std::string& path);
  /// A call by hand below /api2/json/nodes/pve.
  void by_hand(const std::string& method,
               const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& form = {});

  SimulatedProxmox& http() { return http_; }

 private:
  const Kind& kind_;
  FakeClock clock_;
  FakeShell shell_;
  Vault vault_;
  SimulatedProxmox http_;
  Desired desired_;
};

/// The only change of `plan`; fails the test when there is another number of them.
const Change& only_change(const Plan& plan);

}  // namespace aegis::test
