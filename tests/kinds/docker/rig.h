#pragma once

#include <string>
#include <vector>

#include "base/vault.h"
#include "effects/clock.h"
#include "effects/http.h"
#include "engine/apply.h"
#include "engine/observe.h"
#include "kinds/kind.h"
#include "plan/make_plan.h"

namespace aegis::docker {

/// The kinds of a stack.
std::span<const Kind> stack_kinds();

/// The kind of the images that are pruned.
std::span<const Kind> image_kinds();

/// The stack "core" with project "demo", as the Compose loader would hand it over. `parts`:
/// {services {name: spec}, networks {key: spec}, volumes {key: spec}, external_networks {key:
/// name}, registries {name: login}, guest}. Filled in as the loader does: the default network,
/// engine names, dependencies. A text
/// {"$secret": "x"} becomes a seal.
Desired make_stack(const std::string& endpoint, const Json& parts, Vault& vault);

/// Plans and applies stacks over doors that a test gives.
class Rig {
 public:
  Rig(HttpTransport& http, Clock& clock, std::string endpoint);

  /// Observes and plans; fails the test when the stack cannot be read.
  Plan plan(const Json& parts, const PlanOptions& options = {});

  /// Plans and applies; fails the test when a step fails. The plan.
  Plan converge(const Json& parts, const PlanOptions& options = {});

  /// Applies, whatever comes of it.
  Report apply(const Plan& plan);

  /// What `stack prune` would do while `parts` are declared; "image" is its only kind. A failed
  /// reading gives an empty plan, and joins `failures`.
  Plan prune_plan(const Json& parts, std::vector<std::string>& failures);

  /// Applies such a plan.
  Report prune(const Plan& plan);

  /// What cannot be read, empty when all can.
  std::vector<Unreadable> failures(const Json& parts);

  Observed observe(const Json& parts);

  /// The scope of a prune: the stack that declares `parts`, without its resources.
  Desired upkeep(const Json& parts);

  Vault vault;

 private:
  Report apply(const Plan& plan, std::span<const Kind> kinds);

  HttpTransport& http_;
  Clock& clock_;
  std::string endpoint_;
};

PlanOptions adopting(const std::string& pattern);
PlanOptions pruning();

/// "service/web: command", a line for each attribute that a plan changes; "service/web create" for
/// those that are made.
std::vector<std::string> differences(const Plan& plan);

/// The operations of a plan's steps on the resource "service/web".
std::vector<std::string> operations(const Plan& plan, const std::string& resource);

}  // namespace aegis::docker
