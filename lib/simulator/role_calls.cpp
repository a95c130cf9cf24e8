#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "simulator/access_calls.h"
#include "simulator/access_rights.h"

namespace aegis::simulator {
namespace {

bool is_builtin(const std::string& role) {
  static const Access k_builtin = Access::with_builtin_roles();
  return k_builtin.roles.contains(role);
}

Answer missing_role(std::string_view prefix, const std::string& role) {
  return refuse(fmt::format("{}role '{}' does not exist", prefix, role));
}

// Adds the privileges that the call names; the first that is unknown ends it.
Refusal add_privileges(const Call& call,
                       std::string_view prefix,
                       std::vector<std::string>& privileges) {
  const auto known = all_privileges();
  for (const std::string& privilege : items_of(call, "privs")) {
    if (std::find(known.begin(), known.end(), privilege) == known.end()) {
      return refuse(fmt::format("{}invalid privilege '{}'", prefix, privilege));
    }
    privileges.push_back(privilege);
  }
  std::sort(privileges.begin(), privileges.end());
  privileges.erase(std::unique(privileges.begin(), privileges.end()), privileges.end());
  return {};
}

}  // namespace

Answer list_roles(World& world, const Call&) {
  Json roles = Json::array();
  for (const auto& [name, privileges] : world.access.roles) {
    roles.push_back({{"roleid", name},
                     {"privs", join(privileges, ",")},
                     {"special", is_builtin(name) ? 1 : 0}});
  }
  return answer(std::move(roles));
}

Answer read_role(World& world, const Call& call) {
  const auto role = world.access.roles.find(call.text("roleid"));
  if (role == world.access.roles.end()) return missing_role("", call.text("roleid"));
  Json privileges = Json::object();
  for (const std::string& privilege : role->second) privileges[privilege] = 1;
  return answer(std::move(privileges));
}

Answer create_role(World& world, const Call& call) {
  const std::string name = call.text("roleid");
  if (to_lower(name).starts_with("pve")) {
    return invalid("roleid",
                   "cannot use role ID starting with the (case-insensitive) 'PVE' namespace");
  }
  if (world.access.roles.contains(name)) {
    return refuse(fmt::format("create role failed: role '{}' already exists", name));
  }
  std::vector<std::string> privileges;
  if (Refusal refusal = add_privileges(call, "create role failed: ", privileges)) return *refusal;
  world.access.roles[name] = std::move(privileges);
  return answer();
}

Answer update_role(World& world, const Call& call) {
  const std::string name = call.text("roleid");
  if (is_builtin(name)) {
    return refuse(fmt::format("auto-generated role '{}' cannot be modified", name));
  }
  const auto role = world.access.roles.find(name);
  if (role == world.access.roles.end()) return missing_role("update role failed: ", name);
  std::vector<std::string> privileges;
  if (call.flag("append")) privileges = role->second;
  if (Refusal refusal = add_privileges(call, "update role failed: ", privileges)) return *refusal;
  role->second = std::move(privileges);
  return answer();
}

Answer delete_role(World& world, const Call& call) {
  const std::string name = call.text("roleid");
  if (is_builtin(name)) {
    return refuse(fmt::format("auto-generated role '{}' cannot be deleted", name));
  }
  // Grants of the role stay behind, as on the real host.
  if (world.access.roles.erase(name) == 0) return missing_role("delete role failed: ", name);
  return answer();
}

}  // namespace aegis::simulator
