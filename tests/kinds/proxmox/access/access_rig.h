#pragma once

#include <string>
#include <vector>

#include "kinds/proxmox/kind_rig.h"
#include "kinds/proxmox/simulated_host.h"
#include "model/plan.h"

namespace aegis::test {

/// A simulated host and what is wanted of its access. All kinds of access are known to it.
class AccessRig : public SimulatedHost, public KindRig {
 public:
  AccessRig();

  /// Declares one: "user", "ci@pve", its spec, and the names of what it waits for ("role/Mine").
  void want(const std::string& kind,
            const std::string& name,
            const Json& spec = Json::object(),
            const std::vector<std::string>& needs = {});

  /// "PVEAuditor on /" of every grant of `name`, sorted; " only" behind those that do not
  /// propagate.
  std::vector<std::string> grants(const std::string& name);
  /// The entry of the list of users, null when there is none.
  Json user(const std::string& name);
  /// True when a request with the token "id=secret" is answered.
  bool logs_in(const std::string& token);
};

/// The titles of the steps, in their order.
std::vector<std::string> titles(const Plan& plan);

/// The change of "user/ci@pve"; fails the test when there is none.
const Change& change_of(const Plan& plan, const std::string& kind, const std::string& name);

}  // namespace aegis::test
