#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/vault.h"
#include "effects/effects.h"
#include "kinds/kind.h"
#include "model/desired.h"
#include "model/world.h"
#include "plan/make_plan.h"
#include "simulator/host.h"
#include "support/fake_clock.h"
#include "support/fake_secret_sink.h"
#include "support/fake_shell.h"
#include "support/simulated_proxmox.h"

namespace aegis::test {

/// A simulated host, what is wanted of its access, and short ways from the one to the other. All
/// kinds of access are known to it.
class AccessRig {
 public:
  AccessRig();

  /// Declares one: "user", "ci@pve", its spec, and the names of what it waits for ("role/Mine").
  void want(const std::string& kind,
            const std::string& name,
            const Json& spec = Json::object(),
            const std::vector<std::string>& needs = {});
  void want_nothing() { desired_.resources.clear(); }

  /// The live state; fails the test when it cannot be read.
  World observe();
  /// Why it cannot be read; fails the test when it can.
  Error observe_failure();
  Plan plan(const PlanOptions& options = {});
  /// Performs the steps in their order, up to the first that fails.
  Result<Done> apply(const Plan& plan);
  Result<Json> perform(const Step& step);
  /// Plans, applies, and demands that the next plan is empty.
  void converge(const PlanOptions& options = {});

  /// The parsed `data` of a GET as root; fails the test when it is refused.
  Json get(const std::string& path);
  /// A call by hand, as root. Fails the test when refused; returns its `data`.
  Json by_hand(const std::string& method,
               const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& form = {});
  /// "PVEAuditor on /" of every grant of `name`, sorted; " only" behind those that do not
  /// propagate.
  std::vector<std::string> grants(const std::string& name);
  /// The entry of the list of users, null when there is none.
  Json user(const std::string& name);
  /// True when a request with the token "id=secret" is answered.
  bool logs_in(const std::string& token);

  Desired& desired() { return desired_; }
  SimulatedProxmox& http() { return http_; }
  FakeSecretSink& secrets() { return secrets_; }
  Effects& effects() { return effects_; }

 private:
  FakeClock clock_;
  FakeShell shell_;
  FakeSecretSink secrets_;
  Vault vault_;
  SimulatedProxmox http_;
  Effects effects_;
  Desired desired_;
};

/// The titles of the steps, in their order.
std::vector<std::string> titles(const Plan& plan);

/// The change of "user/ci@pve"; fails the test when there is none.
const Change& change_of(const Plan& plan, const std::string& kind, const std::string& name);

}  // namespace aegis::test
