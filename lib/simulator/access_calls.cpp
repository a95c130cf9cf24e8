#include "simulator/access_calls.h"

#include <array>
#include <set>

namespace aegis::simulator {
namespace {

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

}  // namespace aegis::simulator
