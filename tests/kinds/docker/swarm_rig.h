#pragma once

#include <string>

#include "rig.h"

namespace aegis::docker {

/// The kinds of stacks, those for a Swarm among them.
std::span<const Kind> swarm_kinds();

/// The stack "core" with project "demo" in a Swarm, as the Compose loader reads it from `compose`;
/// fails the test when there is an error in it.
Desired swarm_stack(const std::string& endpoint, const std::string& compose, Vault& vault);

/// Plans and applies such stacks over doors that a test gives, as Rig does.
class SwarmRig {
 public:
  SwarmRig(HttpTransport& http, Clock& clock, std::string endpoint);

  Observed observe(const std::string& compose);
  Plan plan(const std::string& compose, const PlanOptions& options = {});
  Plan converge(const std::string& compose, const PlanOptions& options = {});
  Report apply(const Plan& plan);

  Vault vault;

 private:
  HttpTransport& http_;
  Clock& clock_;
  std::string endpoint_;
};

}  // namespace aegis::docker
