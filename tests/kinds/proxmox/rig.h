#pragma once

#include <string>
#include <string_view>

#include "kinds/proxmox/kind_rig.h"
#include "kinds/proxmox/simulated_host.h"
#include "model/plan.h"

namespace aegis::test {

inline constexpr std::string_view k_image = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";

/// A manifest's spec of a small container, with `more` merged into it.
Json container_spec(std::int64_t vmid, const Json& more = Json::object());

/// A simulated host and the containers that are wanted of it.
class ContainerRig : public SimulatedHost, public KindRig {
 public:
  explicit ContainerRig(simulator::SimulatorOptions options = {});

  /// Declares the container, replacing what was declared under that name.
  void want(const std::string& name, const Json& spec) { declare({"", "container", name}, spec); }

  /// Whether the server is said to be reachable as root@pam.
  void set_root(bool root) { settings()["root"] = root; }

  /// The value of a configuration key, "" when it is not set.
  std::string config(std::int64_t vmid, const std::string& key);
  bool is_running(std::int64_t vmid);

 protected:
  /// One wave; the configurations of orphans are known to be wanted only after it.
  void inspect(const Observed& observed) override;
};

/// "configure, start": the operations of a plan's steps.
std::string operations_of(const Plan& plan);

/// The difference at `path`; fails the test when there is none.
const AttributeChange& difference(const Plan& plan, std::string_view path);

}  // namespace aegis::test
