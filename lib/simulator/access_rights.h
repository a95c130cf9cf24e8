#pragma once

#include "simulator/world.h"

namespace aegis::simulator {

/// 403 unless the caller may manage the user that the call names, who may belong to groups that the
/// caller manages (Proxmox's `userid-group`). With `groups`, every group that the call names must
/// be one of those.
Refusal require_user_rights(const World& world, const Call& call, bool groups);

/// 403 unless the caller may make accounts in the realm of `user`.
Refusal require_realm_rights(const World& world, const Caller& caller, std::string_view user);

/// True when the caller may see the user: everybody with User.Modify or Sys.Audit on all groups or
/// on one of the user's, and each user itself.
bool may_see_user(const World& world, const Caller& caller, std::string_view user);

/// 403 unless the caller may hand out rights at `path`; who manages a guest, storage or pool may do
/// that too.
Refusal require_acl_rights(const World& world, const Caller& caller, const std::string& path);

/// The texts of a list parameter.
std::vector<std::string> items_of(const Call& call, std::string_view name);

}  // namespace aegis::simulator
