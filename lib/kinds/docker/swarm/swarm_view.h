#pragma once

#include <optional>

#include "kinds/docker/stack_view.h"

namespace aegis::docker {

/// The lists of a Swarm, as one of its managers tells them. Points into the replies.
struct SwarmView {
  StackView stack;  ///< the manager's own lists; its ownership is told by the Swarm's labels
  const Json* services = nullptr;
  const Json* configs = nullptr;
  const Json* secrets = nullptr;
  const Json* tasks = nullptr;  ///< of the stack's services only
  Json network_names;           ///< {id: name} of all networks

  /// Is an object with these labels of the stack's namespace?
  [[nodiscard]] static bool in_namespace(const Stack& stack, const Json& labels);
  [[nodiscard]] bool owns(const Stack& stack, const Json& labels) const;
};

/// True when the stack of `scope` goes to a Swarm.
bool is_swarm(const Scope& scope);

/// What to read before anything of the stack can be told, as stack_queries.
std::vector<Query> swarm_queries(const Stack& stack, const Replies& replies);

/// The lists, or nothing when the guest that holds the engine does not exist or does not run. Fails
/// when the replies do not tell, and when the engine is no manager of a Swarm.
Result<std::optional<SwarmView>> swarm_view(const Stack& stack, const Replies& replies);

}  // namespace aegis::docker
