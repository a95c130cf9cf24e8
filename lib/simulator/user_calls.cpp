#include <fmt/format.h>

#include "base/text.h"
#include "simulator/access_calls.h"
#include "simulator/access_rights.h"

namespace aegis::simulator {
namespace {

Answer missing_user(std::string_view prefix, const std::string& name) {
  return refuse(fmt::format("{}no such user ('{}')", prefix, name));
}

Json user_item(const User& user) {
  Json item{{"enable", user.enabled ? 1 : 0}, {"expire", user.expire}};
  if (!user.comment.empty()) item["comment"] = user.comment;
  if (!user.email.empty()) item["email"] = user.email;
  if (!user.first_name.empty()) item["firstname"] = user.first_name;
  if (!user.last_name.empty()) item["lastname"] = user.last_name;
  if (!user.keys.empty()) item["keys"] = user.keys;
  return item;
}

Json full_tokens(const User& user) {
  Json tokens = Json::array();
  for (const auto& [name, token] : user.tokens) {
    Json item = token_item(token);
    item["tokenid"] = name;
    tokens.push_back(std::move(item));
  }
  return tokens;
}

void set_text(const Call& call, std::string_view name, std::string& text) {
  if (call.has(name)) text = call.text(name);
}

void set_fields(const Call& call, User& user) {
  if (call.has("enable")) user.enabled = call.flag("enable");
  if (call.has("expire")) user.expire = call.number("expire");
  set_text(call, "comment", user.comment);
  set_text(call, "email", user.email);
  set_text(call, "firstname", user.first_name);
  set_text(call, "lastname", user.last_name);
  set_text(call, "keys", user.keys);
}

Refusal check_groups(const World& world, const Call& call, std::string_view prefix) {
  for (const std::string& group : items_of(call, "groups")) {
    if (!world.access.groups.contains(group)) {
      return refuse(fmt::format("{}no such group '{}'", prefix, group));
    }
  }
  return {};
}

void leave_groups(World& world, const std::string& user) {
  for (auto& [name, group] : world.access.groups) group.users.erase(user);
}

void join_groups(World& world, const Call& call) {
  for (const std::string& group : items_of(call, "groups")) {
    world.access.groups[group].users.insert(call.text("userid"));
  }
}

}  // namespace

Answer list_users(World& world, const Call& call) {
  Json users = Json::array();
  for (const auto& [name, user] : world.access.users) {
    if (!may_see_user(world, call.caller, name)) continue;
    if (call.has("enabled") && call.flag("enabled") != user.enabled) continue;
    Json item = user_item(user);
    item["userid"] = name;
    item["realm-type"] = name.ends_with("@pam") ? "pam" : "pve";
    if (call.flag("full")) {
      item["groups"] = join(world.access.groups_of(name), ",");
      if (!user.tokens.empty()) item["tokens"] = full_tokens(user);
    }
    users.push_back(std::move(item));
  }
  return answer(std::move(users));
}

Answer create_user(World& world, const Call& call) {
  constexpr std::string_view k_prefix = "create user failed: ";
  const std::string name = call.text("userid");
  if (Refusal refusal = require_realm_rights(world, call.caller, name)) return *refusal;
  if (Refusal refusal = require_user_rights(world, call, call.has("groups"))) return *refusal;
  const std::string realm = name.substr(name.rfind('@') + 1);
  if (realm != "pam" && realm != "pve") {
    return refuse(fmt::format("{}domain '{}' does not exist", k_prefix, realm));
  }
  if (world.access.users.contains(name)) {
    return refuse(fmt::format("{}user '{}' already exists", k_prefix, name));
  }
  if (Refusal refusal = check_groups(world, call, k_prefix)) return *refusal;
  User user;
  set_fields(call, user);
  if (call.has("password")) {
    user.password_hash = Access::hash_password(call.text("password"), world.random.hex(8));
  }
  world.access.users[name] = std::move(user);
  join_groups(world, call);
  return answer();
}

Answer read_user(World& world, const Call& call) {
  const std::string name = call.text("userid");
  const auto user = world.access.users.find(name);
  if (user == world.access.users.end()) return missing_user("", name);
  if (!may_see_user(world, call.caller, name)) return forbidden("User.Modify|Sys.Audit");
  Json item = user_item(user->second);
  item["groups"] = world.access.groups_of(name);
  item["tokens"] = Json::object();
  for (const auto& [id, token] : user->second.tokens) item["tokens"][id] = token_item(token);
  return answer(std::move(item));
}

Answer update_user(World& world, const Call& call) {
  constexpr std::string_view k_prefix = "update user failed: ";
  const auto user = world.access.users.find(call.text("userid"));
  if (user == world.access.users.end()) return missing_user(k_prefix, call.text("userid"));
  if (Refusal refusal = require_user_rights(world, call, call.has("groups"))) return *refusal;
  if (Refusal refusal = check_groups(world, call, k_prefix)) return *refusal;
  if (call.has("groups") && !call.flag("append")) leave_groups(world, user->first);
  join_groups(world, call);
  set_fields(call, user->second);
  return answer();
}

Answer delete_user(World& world, const Call& call) {
  const std::string name = call.text("userid");
  if (Refusal refusal = require_realm_rights(world, call.caller, name)) return *refusal;
  if (Refusal refusal = require_user_rights(world, call, false)) return *refusal;
  if (world.access.users.erase(name) == 0) return missing_user("delete user failed: ", name);
  leave_groups(world, name);
  std::erase_if(world.access.acl, [&](const AclEntry& entry) {
    return !entry.holder.starts_with('@') && Caller{entry.holder}.user() == name;
  });
  return answer();
}

}  // namespace aegis::simulator
