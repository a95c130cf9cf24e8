#pragma once

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/guest_system.h"

namespace aegis::proxmox {

/// One call that changes a guest's configuration.
struct ConfigCall {
  Json set = Json::object();     ///< {key: Proxmox's text}
  std::set<std::string> remove;  ///< keys that go
  std::set<std::string> revert;  ///< keys whose wish is withdrawn
  bool as_root = false;

  [[nodiscard]] bool empty() const { return set.empty() && remove.empty() && revert.empty(); }
};

/// Collects the steps of one guest's change, each after the one before: Proxmox works on a guest
/// one call at a time anyway.
class StepChain {
 public:
  StepChain(const Lowering& lowering, const GuestSystem& system);

  /// Adds a step. `operation` is one that the kind's `perform` knows; the server and the vmid are
  /// added to `input`.
  Step& add(std::string_view operation, std::string title, Json input = Json::object());

  /// The same; the first step of a chain is made only to what the plan saw, by the digest. After a
  /// shutdown that is not the same any more: it applies what waited.
  Step& add_guarded(std::string_view operation, std::string title, Json input);

  /// Adds a step of another chain of this guest; the node and the digest become this one's.
  Step& append(Step step);

  /// Steps that are added from now on are made on `node`.
  void on_node(std::string node) { node_ = std::move(node); }

  /// Adds the step that makes `call`, guarded; nothing for an empty one.
  Step* add_config(const ConfigCall& call, std::chrono::milliseconds timeout);

  [[nodiscard]] std::int64_t vmid() const { return vmid_; }
  [[nodiscard]] const GuestSystem& system() const { return system_; }
  std::vector<Step> take() { return std::move(steps_); }

 private:
  const GuestSystem& system_;
  Address address_;
  std::string endpoint_;
  std::string node_;
  std::string digest_;
  std::int64_t vmid_;
  std::vector<Step> steps_;
};

/// What is particular to one sort of guest in its Kind::lower; each adds its steps.
struct GuestLowering {
  void (*create)(const Lowering& lowering, StepChain& chain);
  void (*update)(const Lowering& lowering, StepChain& chain);
  /// Checks that what it is made from is there, before the present one is destroyed.
  void (*check_source)(const Lowering& lowering, StepChain& chain);
  /// May be null. What is left to do to a guest that runs on, once it was rebooted, if it was.
  void (*finish)(const Lowering& lowering, StepChain& chain, bool rebooted) = nullptr;
  /// The attribute that no call of the API sets, and may be null: what root's shell does about it
  /// while the guest does not run.
  std::string_view shell_attribute = {};
  void (*by_shell)(const Lowering& lowering, StepChain& chain) = nullptr;
};

/// Kind::lower of a guest: these steps, and what its power state needs around them.
std::vector<Step> lower_guest(const Lowering& lowering,
                              const GuestSystem& system,
                              const GuestLowering& parts);

/// How long a shutdown may take before the guest is stopped hard: `startup.down` of the attributes,
/// else 60 s.
std::chrono::seconds shutdown_patience(const Json& attributes);

/// True when an attribute that is set is root@pam's alone.
bool sets_as_root(const Change& change);

}  // namespace aegis::proxmox
