#pragma once

#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/access/grants.h"

namespace aegis::proxmox {

/// Grants as the attribute `acl` of their holder: what a user, a group and a token have in common.
/// Proxmox takes them away by itself when the holder goes.

/// The rule of `acl`.
AttributeRule grants_rule();

/// What to read for them: the list of grants, the roles, and our own permissions.
std::vector<Query> grant_queries(const Scope& scope);

/// Adds `acl` to what is there, and to what is declared notes on roles that do not exist. Fails
/// when these credentials see only some of the grants.
Result<Done> add_live_grants(Holder holder,
                             const Batch& batch,
                             const Replies& replies,
                             std::vector<Observation>& observations);

/// Writes `acl` of each as a manifest has it.
void write_grants_as_specs(std::vector<Declaration>& declarations);

/// Adds the declared `acl` to `wanted`.
void add_wanted_grants(const Resource& resource, Json& wanted);

/// `lowering`'s change without the attribute `acl`.
Change without_grants(const Change& change);

/// Appends a step for every call that brings the grants of `lowering` about. What is made anew has
/// none before.
void add_grant_steps(Holder holder, const Lowering& lowering, std::vector<Step>& steps);

/// True for a step of add_grant_steps, which perform_grant does. Repeating one changes nothing.
bool is_grant_step(const Step& step);
Result<Json> perform_grant(Holder holder, const Step& step, Effects& effects);

}  // namespace aegis::proxmox
