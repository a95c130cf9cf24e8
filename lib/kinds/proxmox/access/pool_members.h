#pragma once

#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// The members of a pool as its attributes `containers` (names) and `storage`.

/// The rules of both.
std::vector<AttributeRule> member_rules();

/// What to read for them, once `names` of existing pools are known: the guests of the cluster, and
/// each pool.
std::vector<Query> member_queries(const Scope& scope, const std::vector<std::string>& names);

/// Adds the members of a pool that is there. A guest is told when it has our tag or `resource` (may
/// be null) names it, by that name, else by its name in Proxmox. context.vmids has the numbers of
/// those told, context.elsewhere tells that a declared one is in another pool.
Result<Done> add_live_members(const Resource* resource,
                              const Scope& scope,
                              const Replies& replies,
                              Observation& observation);

/// Adds the declared members to `wanted`.
void add_wanted_members(const Resource& resource, Json& wanted);

/// `change` without members.
Change without_members(const Change& change);

/// Puts a step that takes members out in front of `steps`, or one that puts them in and takes them
/// out behind, or none.
void add_member_steps(const Lowering& lowering, std::vector<Step>& steps);

/// True for a step of add_member_steps, which perform_members does. It looks at the pool first, so
/// that it can be repeated.
bool is_member_step(const Step& step);
Result<Json> perform_members(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
