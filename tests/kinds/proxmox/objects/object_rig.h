#pragma once

#include <string>

#include "base/vault.h"
#include "effects/effects.h"
#include "kinds/kind.h"
#include "kinds/proxmox/objects/object_file.h"
#include "model/desired.h"
#include "model/world.h"
#include "plan/make_plan.h"
#include "support/fake_clock.h"
#include "support/fake_shell.h"

namespace aegis::test {

/// "thing", a kind with a field of every form, marked by its comment, in the section "things".
const Kind& thing_kind();

/// "rock", a kind of the same list without a marker; only those with Things.Audit see rocks. Its
/// `weight` is fixed and its `key` a secret.
const Kind& rock_kind();

/// A file of objects, what is wanted of it, and short ways from the one to the other.
class ObjectRig {
 public:
  explicit ObjectRig(const Kind& kind = thing_kind());

  /// Declares an object.
  void want(const std::string& name, const Json& spec);
  void want_nothing() { desired_.resources.clear(); }
  /// Whether the manifest has the section at all.
  void manage(bool managed);

  /// The live state; fails the test when it cannot be read.
  World observe();
  /// Why it cannot be read; fails the test when it can.
  Error observe_failure();
  Plan plan(const PlanOptions& options = {});
  Result<Done> apply(const Plan& plan);
  /// Plans, applies, and demands that the next plan is empty.
  void converge(const PlanOptions& options = {});
  Result<Json> perform(const Step& step);

  ObjectFile& file() { return file_; }
  Vault& vault() { return vault_; }
  FakeClock& clock() { return clock_; }

 private:
  const Kind& kind_;
  FakeClock clock_;
  FakeShell shell_;
  Vault vault_;
  ObjectFile file_;
  Effects effects_;
  Desired desired_;
};

}  // namespace aegis::test
