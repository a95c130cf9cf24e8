#pragma once

#include <string>
#include <vector>

#include "kinds/proxmox/kind_rig.h"
#include "kinds/proxmox/simulated_host.h"

namespace aegis::test {

/// A simulated host and the firewalls that are wanted of it.
class FirewallRig : public SimulatedHost, public KindRig {
 public:
  FirewallRig();

  /// Declares a level; `name` as in manifests, a container's spec with its vmid.
  void want(const std::string& name, const Json& spec) {
    declare({"server/fsn1", "firewall", name}, spec);
  }

  /// The rules' texts, the marker left out.
  std::vector<std::string> rules(const std::string& path);
};

}  // namespace aegis::test
