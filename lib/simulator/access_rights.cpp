#include "simulator/access_rights.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::simulator {
namespace {

std::string group_path(const std::string& group) {
  return "/access/groups/" + group;
}

bool in_managed_group(const World& world, const Caller& caller, std::string_view user) {
  const std::vector<std::string> groups = world.access.groups_of(user);
  return std::any_of(groups.begin(), groups.end(), [&](const std::string& group) {
    return may(world, caller, group_path(group), {"User.Modify"});
  });
}

}  // namespace

Refusal require_user_rights(const World& world, const Call& call, bool groups) {
  if (may(world, call.caller, "/access/groups", {"User.Modify"})) return {};
  const std::vector<std::string> named = items_of(call, "groups");
  if (groups && named.empty()) return forbidden("User.Modify");
  for (const std::string& group : named) {
    if (Refusal no = require(world, call.caller, group_path(group), {"User.Modify"})) return no;
  }
  const std::string user = call.text("userid");
  const bool exists = world.access.users.contains(user);
  if (exists && !in_managed_group(world, call.caller, user)) return forbidden("User.Modify");
  return {};
}

Refusal require_realm_rights(const World& world, const Caller& caller, std::string_view user) {
  const std::string_view realm = user.substr(user.rfind('@') + 1);
  return require(world, caller, fmt::format("/access/realm/{}", realm), {"Realm.AllocateUser"});
}

bool may_see_user(const World& world, const Caller& caller, std::string_view user) {
  if (user == caller.user()) return true;
  if (may(world, caller, "/access/groups", {"User.Modify", "Sys.Audit"})) return true;
  const std::vector<std::string> groups = world.access.groups_of(user);
  return std::any_of(groups.begin(), groups.end(), [&](const std::string& group) {
    return may(world, caller, group_path(group), {"User.Modify", "Sys.Audit"});
  });
}

Refusal require_acl_rights(const World& world, const Caller& caller, const std::string& path) {
  if (path.starts_with("/vms/")) {
    return require(world, caller, path, {"Permissions.Modify", "VM.Allocate"});
  }
  if (path.starts_with("/storage/")) {
    return require(world, caller, path, {"Permissions.Modify", "Datastore.Allocate"});
  }
  if (path.starts_with("/pool/")) {
    return require(world, caller, path, {"Permissions.Modify", "Pool.Allocate"});
  }
  return require(world, caller, path, {"Permissions.Modify"});
}

std::vector<std::string> items_of(const Call& call, std::string_view name) {
  return split_any(call.text(name), ", ;");
}

}  // namespace aegis::simulator
