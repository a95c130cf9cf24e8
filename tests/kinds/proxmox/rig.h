#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kinds/proxmox/container.h"
#include "kinds/proxmox/kind_rig.h"
#include "kinds/proxmox/machine.h"
#include "kinds/proxmox/simulated_host.h"
#include "model/plan.h"

namespace aegis::test {

inline constexpr std::string_view k_image = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";

/// A manifest's spec of a small container, with `more` merged into it.
Json container_spec(std::int64_t vmid, const Json& more = Json::object());

/// A manifest's spec of a small virtual machine, with `more` merged into it.
Json machine_spec(std::int64_t vmid, const Json& more = Json::object());

/// A simulated host that has `files` besides those of a fresh one.
simulator::SimulatorOptions with_files(const std::vector<std::string>& files);

/// A simulated host and the guests of one kind that are wanted of it.
class GuestRig : public SimulatedHost, public KindRig {
 public:
  GuestRig(simulator::SimulatorOptions options, const Kind& kind);

  /// Declares the guest, replacing what was declared under that name.
  void want(const std::string& name, const Json& spec) { declare({"", kind_, name}, spec); }

  /// Whether the server is said to be reachable as root@pam.
  void set_root(bool root) { settings()["root"] = root; }

  /// The value of a configuration key, "" when it is not set.
  std::string config(std::int64_t vmid, const std::string& key);
  bool is_running(std::int64_t vmid);

 protected:
  /// One wave; the configurations of orphans are known to be wanted only after it.
  void inspect(const Observed& observed) override;

 private:
  std::string kind_;
  std::string path_;  ///< "/nodes/pve/lxc/"
};

class ContainerRig : public GuestRig {
 public:
  explicit ContainerRig(simulator::SimulatorOptions options = {})
      : GuestRig(std::move(options), container_kind()) {}
};

class MachineRig : public GuestRig {
 public:
  explicit MachineRig(simulator::SimulatorOptions options = {})
      : GuestRig(std::move(options), machine_kind()) {}
};

/// True when one of the notes has that severity and holds `text` in its detail.
bool has_note(const Diagnostics& notes, Severity severity, std::string_view text);

/// "configure, start": the operations of a plan's steps.
std::string operations_of(const Plan& plan);

/// The difference at `path`; fails the test when there is none.
const AttributeChange& difference(const Plan& plan, std::string_view path);

}  // namespace aegis::test
