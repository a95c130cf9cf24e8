#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "kinds/docker/stack_view.h"
#include "kinds/kind.h"

namespace aegis::docker {

/// How networks and volumes, which are both read whole from one list of the engine, are told apart.
struct ListedKind {
  std::string_view kind;   ///< "network"
  std::string_view label;  ///< the label that holds the Compose key
  /// The items of the engine's list.
  const Json& (*items)(const StackView& view);
  /// The attributes that a spec asks for.
  Json (*wanted)(const Json& spec);
  /// The attributes of one, read against the spec (null for an orphan).
  Json (*live)(const Json& item, const Json& spec);
  /// May be null. What else of the engine's lists bears on the object called `name`: joins the
  /// context.
  Json (*more)(const Scope& scope, const StackView& view, const std::string& name) = nullptr;
};

/// The kind's `queries`: the stack's lists are all there is to read.
std::vector<Query> listed_queries(const Batch& batch, const Replies& replies);

/// The kind's `interpret`. An object is found by its name; context is {api, id, name}. Secrets are
/// sealed by `vault`.
Result<std::vector<Observation>> interpret_listed(const ListedKind& kind,
                                                  const Batch& batch,
                                                  const Replies& replies,
                                                  Vault& vault);

/// The same of lists that were read already; nothing when there is no engine.
std::vector<Observation> interpret_view(const ListedKind& kind,
                                        const Batch& batch,
                                        const std::optional<StackView>& view,
                                        Vault& vault);

}  // namespace aegis::docker
