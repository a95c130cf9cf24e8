#pragma once

#include <optional>
#include <vector>

#include "kinds/docker/api.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/stack.h"
#include "kinds/kind.h"

namespace aegis::docker {

/// The lists of a stack's engine. They are those of the whole engine, so that names taken by others
/// are seen, and so that stacks on one engine share the requests. Points into the replies.
struct StackView {
  ApiVersion api;
  const Json* containers = nullptr;
  const Json* networks = nullptr;
  const Json* volumes = nullptr;
  bool adopted = false;  ///< the project's marker is there: all its objects are ours
  std::string_view project_label = k_project_label;  ///< tells an object's project

  /// Does an object with these labels belong to the stack's project, and is it ours?
  [[nodiscard]] bool in_project(const Stack& stack, const Json& labels) const;
  [[nodiscard]] bool owns(const Stack& stack, const Json& labels) const;
};

/// What to read before anything of the stack can be told: the guest's state, the engine's version,
/// the lists. Empty once the engine is known not to be there.
std::vector<Query> stack_queries(const Stack& stack, const Replies& replies);

/// The lists, or nothing when the guest that holds the engine does not exist or does not run: then
/// everything in the stack is absent. Fails when the replies do not tell.
Result<std::optional<StackView>> stack_view(const Stack& stack, const Replies& replies);

/// The version to speak with the stack's engine; fails while the replies do not tell it.
Result<ApiVersion> stack_api(const Stack& stack, const Replies& replies);

/// The query for `path` on the stack's engine.
Query engine_query(const Stack& stack, ApiVersion api, std::string_view path);

/// The body of a 200 answer to `query`, or the error that tells why there is none.
Result<const Json*> required_body(const Stack& stack, const Replies& replies, const Query& query);

/// The body of a 200 answer to `query`; null when it was not asked, was refused or failed.
const Json& body_of(const Replies& replies, const Query& query);

}  // namespace aegis::docker
