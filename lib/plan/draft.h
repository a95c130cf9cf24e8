#pragma once

#include <map>
#include <optional>

#include "kinds/kind.h"
#include "model/desired.h"
#include "model/plan.h"
#include "model/world.h"
#include "plan/make_plan.h"

namespace aegis {

/// A change while it is decided about, with what its kind needs to lower it.
struct Draft {
  const Kind* kind = nullptr;
  const Scope* scope = nullptr;
  const Resource* desired = nullptr;  ///< null for an orphan
  Observation live;
  Json wanted;
  Change change;
};

using Drafts = std::map<Address, Draft>;

/// The change that one resource needs, guards included, or nothing. `live` is what was observed of
/// it; one that was not observed does not exist.
std::optional<Draft> make_draft(const Resource& resource,
                                const Observation* live,
                                const Scope& scope,
                                const Kind& kind,
                                const PlanOptions& options);

/// The removal of an object of ours that nobody declares; blocked without --prune.
Draft make_orphan_draft(const Observation& live,
                        const Scope& scope,
                        const Kind& kind,
                        const PlanOptions& options);

/// Blocks what depends on something that is not there and will not be made, and the removal of
/// something that others still need.
void block_by_dependencies(Drafts& drafts, const Desired& desired, const World& world);

}  // namespace aegis
