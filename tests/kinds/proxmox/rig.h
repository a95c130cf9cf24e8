#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/vault.h"
#include "effects/effects.h"
#include "model/desired.h"
#include "model/plan.h"
#include "model/world.h"
#include "plan/make_plan.h"
#include "simulator/host.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "support/simulated_proxmox.h"

namespace aegis::test {

inline constexpr std::string_view k_image = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";

/// A manifest's spec of a small container, with `more` merged into it.
Json container_spec(std::int64_t vmid, const Json& more = Json::object());

/// A simulated host, what is wanted of it, and short ways from the one to the other.
class ContainerRig {
 public:
  explicit ContainerRig(simulator::SimulatorOptions options = {});

  /// Declares the container, replacing what was declared under that name.
  void want(const std::string& name, const Json& spec);
  void want_nothing() { desired_.resources.clear(); }

  /// Whether the server is said to be reachable as root@pam.
  void set_root(bool root) { desired_.scopes.at("server/fsn1").settings["root"] = root; }

  /// The live state; fails the test when it cannot be read.
  World observe();
  /// Why it cannot be read; fails the test when it can.
  Error observe_failure();
  Plan plan(const PlanOptions& options = {});

  /// Performs the steps in their order, up to the first that fails.
  Result<Done> apply(const Plan& plan);
  /// One step with the container kind.
  Result<Json> perform(const Step& step);
  /// Plans, applies, and demands that the next plan is empty.
  void converge(const PlanOptions& options = {});

  /// The parsed `data` of a GET as root; fails the test when it is refused.
  Json get(const std::string& path);
  /// A call by hand, as root: "POST", "/nodes/pve/lxc/103/status/stop". Fails the test when
  /// refused.
  void by_hand(const std::string& method,
               const std::string& path,
               const std::vector<std::pair<std::string, std::string>>& form = {});
  /// The value of a configuration key, "" when it is not set.
  std::string config(std::int64_t vmid, const std::string& key);
  bool is_running(std::int64_t vmid);

  simulator::Host& host() { return http_.host(); }
  SimulatedProxmox& http() { return http_; }
  FakeClock& clock() { return clock_; }
  Vault& vault() { return vault_; }
  Desired& desired() { return desired_; }
  Effects& effects() { return effects_; }

 private:
  FakeClock clock_;
  FakeShell shell_;
  Vault vault_;
  SimulatedProxmox http_;
  Effects effects_;
  Desired desired_;
};

/// "configure, start": the operations of a plan's steps.
std::string operations_of(const Plan& plan);

/// The difference at `path`; fails the test when there is none.
const AttributeChange& difference(const Plan& plan, std::string_view path);

}  // namespace aegis::test
