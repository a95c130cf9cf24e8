#include <fmt/format.h>

#include <regex>

#include "base/text.h"
#include "simulator/access_calls.h"
#include "simulator/access_rights.h"

namespace aegis::simulator {
namespace {

using Holders = std::vector<std::string>;

bool is_acl_path(const std::string& path) {
  static const std::regex k_paths(
      "/|/access(/(groups|realm)(/[A-Za-z0-9._-]+)?)?|/nodes(/[A-Za-z0-9._-]+)?|"
      "/pool(/[A-Za-z0-9._-]+){0,3}|/sdn(/(controllers|dns|ipams|zones)(/[A-Za-z0-9._-]+)?)?|"
      "/sdn/zones/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+(/[1-9][0-9]{0,3})?|"
      "/storage(/[A-Za-z0-9._-]+)?|/vms(/[1-9][0-9]{2,})?|/mapping(/[A-Za-z0-9._-]+){0,2}");
  return std::regex_match(path, k_paths);
}

// "//vms/" -> "/vms"
std::string normal_path(const std::string& path) {
  return "/" + join(split_any(path, "/"), "/");
}

Json entry_item(const AclEntry& entry) {
  const bool group = entry.holder.starts_with('@');
  const bool token = entry.holder.find('!') != std::string::npos;
  return {{"path", entry.path},
          {"ugid", group ? entry.holder.substr(1) : entry.holder},
          {"type",
           group   ? "group"
           : token ? "token"
                   : "user"},
          {"roleid", entry.role},
          {"propagate", entry.propagate ? 1 : 0}};
}

// Who may manage a guest but not its permissions can hand out no more than what the caller has.
Refusal check_superset(const World& world, const Call& call, const std::string& role) {
  const Privileges own = privileges_at(world, call.caller, normal_path(call.text("path")));
  if (world.access.may_everything(call.caller) || own.contains("Permissions.Modify")) return {};
  const bool propagate = !call.has("propagate") || call.flag("propagate");
  const char* verb = call.flag("delete") ? "remove" : "add";
  for (const std::string& privilege : world.access.roles.at(role)) {
    const auto found = own.find(privilege);
    if (found == own.end()) {
      return invalid("role",
                     fmt::format("Cannot {} role '{}' - requires 'Permissions.Modify' or superset "
                                 "of privileges.",
                                 verb,
                                 role));
    }
    if (propagate && !found->second) {
      return invalid("role",
                     fmt::format("Cannot {} role '{}' with propagation - requires "
                                 "'Permissions.Modify' or propagated superset of privileges.",
                                 verb,
                                 role));
    }
  }
  return {};
}

// Those that the call names, as AclEntry holds them; the first that does not exist ends it.
Refusal find_holders(const World& world, const Call& call, Holders& holders) {
  for (const std::string& group : items_of(call, "groups")) {
    if (!world.access.groups.contains(group)) {
      return refuse(fmt::format("ACL update failed: group '{}' does not exist", group));
    }
    holders.push_back("@" + group);
  }
  for (const std::string& user : items_of(call, "users")) {
    if (!world.access.users.contains(user)) {
      return refuse(fmt::format("ACL update failed: user '{}' does not exist", user));
    }
    holders.push_back(user);
  }
  for (const std::string& token : items_of(call, "tokens")) {
    if (world.access.find_token(token) == nullptr) {
      const std::size_t mark = token.find('!');
      return refuse(fmt::format("ACL update failed: no such token '{}' for user '{}'",
                                token.substr(mark + 1),
                                token.substr(0, mark)));
    }
    holders.push_back(token);
  }
  return {};
}

void change_entry(Access& access, const Call& call, AclEntry wanted) {
  std::erase_if(access.acl, [&](const AclEntry& entry) {
    return entry.path == wanted.path && entry.holder == wanted.holder && entry.role == wanted.role;
  });
  if (!call.flag("delete")) access.acl.push_back(std::move(wanted));
}

}  // namespace

Answer list_acl(World& world, const Call& call) {
  const bool audits = may(world, call.caller, "/access", {"Sys.Audit"});
  Json entries = Json::array();
  for (const AclEntry& entry : world.access.acl) {
    if (!audits && require_acl_rights(world, call.caller, entry.path)) continue;
    entries.push_back(entry_item(entry));
  }
  return answer(std::move(entries));
}

Answer update_acl(World& world, const Call& call) {
  const std::string path = normal_path(call.text("path"));
  if (Refusal refusal = require_acl_rights(world, call.caller, path)) return *refusal;
  if (!call.has("users") && !call.has("groups") && !call.has("tokens")) {
    FieldErrors errors;
    for (const char* name : {"users", "groups", "tokens"}) {
      errors[name] = "either 'users', 'groups' or 'tokens' is required.";
    }
    return invalid(std::move(errors));
  }
  if (!call.flag("delete") && !is_acl_path(path)) {
    return invalid("path", fmt::format("invalid ACL path '{}'", call.text("path")));
  }
  const bool propagate = !call.has("propagate") || call.flag("propagate");
  const std::vector<std::string> roles = items_of(call, "roles");
  for (const std::string& role : roles) {
    if (!world.access.roles.contains(role)) {
      return refuse(fmt::format("ACL update failed: role '{}' does not exist", role));
    }
    if (Refusal refusal = check_superset(world, call, role)) return *refusal;
  }
  Holders holders;
  if (Refusal refusal = find_holders(world, call, holders)) return *refusal;
  for (const std::string& role : roles) {
    for (const std::string& holder : holders) {
      change_entry(world.access, call, {path, holder, role, propagate});
    }
  }
  return answer();
}

}  // namespace aegis::simulator
