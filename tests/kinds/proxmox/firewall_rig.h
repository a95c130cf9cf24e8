#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/vault.h"
#include "effects/effects.h"
#include "engine/observe.h"
#include "model/desired.h"
#include "plan/make_plan.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "support/simulated_proxmox.h"

namespace aegis::test {

/// A simulated host and the firewalls that are wanted of it.
class FirewallRig {
 public:
  FirewallRig();

  /// Declares a level; `name` as in manifests, a container's spec with its vmid.
  void want(const std::string& name, const Json& spec);
  void want_nothing() { desired_.resources.clear(); }
  /// The scope's settings.
  Json& settings() { return desired_.scopes.at("server/fsn1").settings; }

  /// The live state, whatever could not be read included.
  Observed look();
  /// Fails the test when something cannot be read.
  Plan plan(const PlanOptions& options = {});
  /// Performs the steps in their order, up to the first that fails.
  Result<Done> apply(const Plan& plan);
  /// Plans, applies, and demands that the next plan is empty.
  void converge(const PlanOptions& options = {});

  /// `data` of a GET.
  Json get(const std::string& path);
  /// A call by hand; fails the test when it is refused.
  void by_hand(const std::string& method,
               const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& form = {});
  /// The rules' texts, the marker left out.
  std::vector<std::string> rules(const std::string& path);

  FakeShell& shell() { return shell_; }
  SimulatedProxmox& http() { return http_; }

 private:
  FakeClock clock_;
  FakeShell shell_;
  Vault vault_;
  SimulatedProxmox http_;
  Effects effects_;
  Desired desired_;
};

}  // namespace aegis::test
