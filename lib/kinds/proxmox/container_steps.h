#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// Collects the steps of one container's change, each after the one before: Proxmox works on a
/// container one call at a time anyway.
class StepChain {
 public:
  StepChain(const Lowering& lowering, std::int64_t vmid);

  /// Adds a step. `operation` is one that perform_container knows; the server and the vmid are
  /// added to `input`.
  Step& add(std::string_view operation, std::string title, Json input = Json::object());

  [[nodiscard]] bool empty() const { return steps_.empty(); }
  std::vector<Step> take() { return std::move(steps_); }

 private:
  Address address_;
  std::string endpoint_;
  std::string node_;
  std::int64_t vmid_;
  std::vector<Step> steps_;
};

/// How long a shutdown may take before the container is stopped hard: `startup.down` of the
/// attributes, else 60 s.
std::chrono::seconds shutdown_patience(const Json& attributes);

/// Kind::lower of a container.
std::vector<Step> lower_container(const Lowering& lowering);

/// The steps that change an existing container into what is wanted.
void add_update_steps(const Lowering& lowering, StepChain& chain);

/// The step that makes it.
void add_create_step(const Lowering& lowering, StepChain& chain);

}  // namespace aegis::proxmox
