#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "kinds/proxmox/api.h"

namespace aegis::proxmox {

/// Whom Proxmox grants something to. The names are those of its ACL.
enum class Holder { user, group, token };
std::string_view to_string(Holder holder);

/// Grants in the shape of the diff: {"/vms": ["PVEAuditor", "PVEVMUser (not below)"]}, roles
/// sorted, those that do not propagate marked.

/// A manifest's `acl` in that shape.
Json grants_of_spec(const Json& acl);

/// Those of `name` in the answer to GET /access/acl. Entries of roles that are not in `roles` (the
/// answer to GET /access/roles) are left out: they grant nothing, and Proxmox cannot name them.
Json grants_of_list(const Json& list, const Json& roles, Holder holder, std::string_view name);

/// A shape as a manifest's `acl`: a list of roles, or {roles, propagate: false}. A manifest cannot
/// say that only some roles at a path propagate; then all are said to.
Json spec_of_grants(const Json& shape);

/// One PUT /access/acl: roles that are granted, or taken away, at one path.
struct GrantCall {
  std::string path;
  std::vector<std::string> roles;
  bool propagate = true;
  bool removes = false;
};

/// The calls from `live` to `wanted`: first what is granted, then what is taken away, so that
/// nobody is locked out in between. A grant that only changes whether it propagates is overwritten.
std::vector<GrantCall> grant_calls(const Json& wanted, const Json& live);

/// "grant PVEAuditor on /vms to user ci@pve", "take PVEAdmin on / from group ops".
std::string title_of(const GrantCall& call, Holder holder, std::string_view name);

Json to_json(const GrantCall& call);

/// The parameters of the call that to_json described.
Form form_of_grant(const Json& call, Holder holder, std::string_view name);

}  // namespace aegis::proxmox
