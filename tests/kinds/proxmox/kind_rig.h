#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/vault.h"
#include "effects/effects.h"
#include "engine/observe.h"
#include "kinds/kind.h"
#include "model/desired.h"
#include "plan/make_plan.h"
#include "support/fake_clock.h"
#include "support/fake_secret_sink.h"
#include "support/fake_shell.h"

namespace aegis::test {

/// What is wanted of the server "fsn1" in terms of some kinds, and short ways from there to plans
/// and to their ends.
class KindRig {
 public:
  /// The doors must outlive it. `settings` are added to the scope's.
  KindRig(std::span<const Kind> kinds,
          HttpTransport& http,
          FakeClock& clock,
          const Json& settings = Json::object());
  virtual ~KindRig() = default;

  /// Declares a resource, replacing what was declared under that address.
  void declare(const Address& address, const Json& spec, std::vector<Address> needs = {});
  void want_nothing() { desired_.resources.clear(); }

  /// The live state, with whatever could not be read.
  Observed look();
  /// The live state; fails the test when it cannot be read.
  World observe();
  /// Why it cannot be read; fails the test when it can.
  Error observe_failure();
  Plan plan(const PlanOptions& options = {});

  /// One step with its kind; with the only kind, when there is one.
  Result<Json> perform(const Step& step);
  /// Performs the steps in their order, up to the first that fails.
  Result<Done> apply(const Plan& plan);
  /// Plans, applies, and demands that the next plan (nothing replaced by name) is empty.
  void converge(const PlanOptions& options = {});

  /// The scope's settings.
  Json& settings() { return desired_.scopes.at("server/fsn1").settings; }
  FakeShell& shell() { return shell_; }
  FakeSecretSink& secrets() { return secrets_; }
  Vault& vault() { return vault_; }
  Desired& desired() { return desired_; }
  Effects& effects() { return effects_; }

 protected:
  /// What else must hold of a reading that failed nowhere.
  virtual void inspect(const Observed&) {}

 private:
  std::vector<Kind> kinds_;
  FakeShell shell_;
  FakeSecretSink secrets_;
  Vault vault_;
  Effects effects_;
  Desired desired_;
};

}  // namespace aegis::test
