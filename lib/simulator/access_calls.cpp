#include "simulator/access_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_separators = ", ;";

Json capabilities(const World& world, const Caller& caller) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> k_areas{{
      {"access", "/access"},
      {"dc", "/"},
      {"mapping", "/mapping"},
      {"nodes", "/nodes"},
      {"sdn", "/sdn"},
      {"storage", "/storage"},
      {"vms", "/vms"},
  }};
  Json capabilities = Json::object();
  for (const auto& [area, path] : k_areas) {
    Json privileges = Json::object();
    for (const auto& [name, propagate] : world.access.privileges(caller, path)) {
      privileges[name] = 1;
    }
    capabilities[std::string(area)] = privileges;
  }
  return capabilities;
}

// Paths at which `caller` has any privilege, among the usual ones and those of the ACL.
Json permission_map(const World& world, const Caller& caller, const std::set<std::string>& paths) {
  Json permissions = Json::object();
  for (const std::string& path : paths) {
    Json here = Json::object();
    for (const auto& [name, propagate] : privileges_at(world, caller, path)) {
      here[name] = propagate ? 1 : 0;
    }
    if (!here.empty()) permissions[path] = here;
  }
  return permissions;
}

}  // namespace

Answer ticket_index(World&, const Call&) {
  return answer();
}

Answer create_ticket(World& world, const Call& call) {
  std::string user = call.text("username");
  if (call.has("realm")) user += "@" + call.text("realm");
  const std::string password = call.text("password");
  const auto renewed = world.tickets.check(password, world.now());
  const bool known = renewed == user || world.access.password_fits(user, password);
  if (!known || !world.access.may_log_in(user, world.now_seconds())) {
    return refuse("authentication failure", 401);
  }
  const Ticket ticket = world.tickets.issue(user, world.now());
  return answer({{"username", user},
                 {"ticket", ticket.ticket},
                 {"CSRFPreventionToken", ticket.csrf_token},
                 {"cap", capabilities(world, Caller{user})}});
}

Answer read_permissions(World& world, const Call& call) {
  Caller of = call.caller;
  if (call.has("userid") && call.text("userid") != call.caller.id) {
    if (Refusal refusal = require(world, call.caller, "/access", {"Sys.Audit"})) return *refusal;
    of.id = call.text("userid");
  }
  std::set<std::string> paths{"/",
                              "/access",
                              "/access/groups",
                              "/access/realm",
                              "/mapping",
                              "/mapping/notifications",
                              "/nodes",
                              "/pool",
                              "/sdn",
                              "/storage",
                              "/vms"};
  for (const AclEntry& entry : world.access.acl) paths.insert(entry.path);
  if (call.has("path")) paths = {call.text("path")};
  return answer(permission_map(world, of, paths));
}

Answer list_domains(World&, const Call&) {
  return answer(Json::array(
      {{{"realm", "pam"}, {"type", "pam"}, {"comment", "Linux PAM standard authentication"}},
       {{"realm", "pve"}, {"type", "pve"}, {"comment", "Proxmox VE authentication server"}}}));
}

Answer list_roles(World& world, const Call&) {
  const Access builtin = Access::with_builtin_roles();
  Json roles = Json::array();
  for (const auto& [name, privileges] : world.access.roles) {
    roles.push_back({{"roleid", name},
                     {"privs", join(privileges, ",")},
                     {"special", builtin.roles.contains(name) ? 1 : 0}});
  }
  return answer(std::move(roles));
}

Answer create_role(World& world, const Call& call) {
  const std::string name = call.text("roleid");
  if (world.access.roles.contains(name)) {
    return refuse(fmt::format("create role failed: role '{}' already exists", name));
  }
  const std::vector<std::string> privileges = split_any(call.text("privs"), k_separators);
  for (const std::string& privilege : privileges) {
    const auto known = all_privileges();
    if (std::find(known.begin(), known.end(), privilege) == known.end()) {
      return refuse(fmt::format("create role failed: invalid privilege '{}'", privilege));
    }
  }
  world.access.roles[name] = privileges;
  return answer();
}

Answer list_acl(World& world, const Call& call) {
  Json entries = Json::array();
  for (const AclEntry& entry : world.access.acl) {
    if (!may(world, call.caller, entry.path, {"Permissions.Modify", "Sys.Audit"})) continue;
    const bool is_token = entry.holder.find('!') != std::string::npos;
    entries.push_back({{"path", entry.path},
                       {"ugid", entry.holder},
                       {"type", is_token ? "token" : "user"},
                       {"roleid", entry.role},
                       {"propagate", entry.propagate ? 1 : 0}});
  }
  return answer(std::move(entries));
}

Answer update_acl(World& world, const Call& call) {
  const std::string path = call.text("path");
  constexpr std::array<std::string_view, 7> k_roots{
      "/access", "/mapping", "/nodes", "/pool", "/sdn", "/storage", "/vms"};
  const bool known =
      path == "/" || std::any_of(k_roots.begin(), k_roots.end(), [&](std::string_view root) {
        return path == root || path.starts_with(std::string(root) + "/");
      });
  if (!known) return invalid("path", fmt::format("invalid ACL path '{}'", path));
  if (Refusal refusal = require(world, call.caller, path, {"Permissions.Modify"})) return *refusal;
  std::vector<std::string> holders = split_any(call.text("users"), k_separators);
  for (const std::string& token : split_any(call.text("tokens"), k_separators)) {
    holders.push_back(token);
  }
  for (const std::string& role : split_any(call.text("roles"), k_separators)) {
    if (!world.access.roles.contains(role)) {
      return refuse(fmt::format("ACL update failed: role '{}' does not exist", role));
    }
    for (const std::string& holder : holders) {
      auto& acl = world.access.acl;
      std::erase_if(acl, [&](const AclEntry& entry) {
        return entry.path == path && entry.holder == holder && entry.role == role;
      });
      const bool propagate = !call.has("propagate") || call.flag("propagate");
      if (!call.flag("delete")) acl.push_back({path, holder, role, propagate});
    }
  }
  return answer();
}

}  // namespace aegis::simulator
