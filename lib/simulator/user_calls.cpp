#include <fmt/format.h>

#include "simulator/access_calls.h"

namespace aegis::simulator {
namespace {

Answer missing_user(const std::string& name) {
  return refuse(fmt::format("no such user ('{}')", name));
}

Refusal require_self_or_manager(const World& world, const Call& call) {
  if (call.caller.user() == call.text("userid")) return {};
  return require(world, call.caller, "/access/groups", {"User.Modify"});
}

Json user_item(const User& user) {
  Json item{{"enable", user.enabled ? 1 : 0}, {"expire", user.expire}};
  if (!user.comment.empty()) item["comment"] = user.comment;
  if (!user.email.empty()) item["email"] = user.email;
  return item;
}

Json token_item(const Token& token) {
  Json item{{"privsep", token.separated ? 1 : 0}, {"expire", token.expire}};
  if (!token.comment.empty()) item["comment"] = token.comment;
  return item;
}

}  // namespace

Answer list_users(World& world, const Call& call) {
  const bool sees_all = may(world, call.caller, "/access/groups", {"User.Modify", "Sys.Audit"});
  Json users = Json::array();
  for (const auto& [name, user] : world.access.users) {
    if (!sees_all && name != call.caller.user()) continue;
    if (call.has("enabled") && call.flag("enabled") != user.enabled) continue;
    Json item = user_item(user);
    item["userid"] = name;
    item["realm-type"] = name.ends_with("@pam") ? "pam" : "pve";
    users.push_back(std::move(item));
  }
  return answer(std::move(users));
}

Answer create_user(World& world, const Call& call) {
  const std::string name = call.text("userid");
  const std::string realm = name.substr(name.find('@') + 1);
  if (realm != "pam" && realm != "pve") {
    return refuse(fmt::format("create user failed: domain '{}' does not exist", realm));
  }
  if (world.access.users.contains(name)) {
    return refuse(fmt::format("create user failed: user '{}' already exists", name));
  }
  User user;
  user.enabled = !call.has("enable") || call.flag("enable");
  user.expire = call.number("expire");
  user.comment = call.text("comment");
  user.email = call.text("email");
  if (call.has("password")) {
    user.password_hash = Access::hash_password(call.text("password"), world.random.hex(8));
  }
  world.access.users[name] = std::move(user);
  return answer();
}

Answer read_user(World& world, const Call& call) {
  const auto user = world.access.users.find(call.text("userid"));
  if (user == world.access.users.end()) return missing_user(call.text("userid"));
  Json item = user_item(user->second);
  item["tokens"] = Json::object();
  for (const auto& [name, token] : user->second.tokens) item["tokens"][name] = token_item(token);
  return answer(std::move(item));
}

Answer delete_user(World& world, const Call& call) {
  const std::string name = call.text("userid");
  if (world.access.users.erase(name) == 0) {
    return refuse(fmt::format("delete user failed: no such user ('{}')", name));
  }
  std::erase_if(world.access.acl,
                [&](const AclEntry& entry) { return Caller{entry.holder}.user() == name; });
  return answer();
}

Answer list_tokens(World& world, const Call& call) {
  if (Refusal refusal = require_self_or_manager(world, call)) return *refusal;
  const auto user = world.access.users.find(call.text("userid"));
  if (user == world.access.users.end()) return missing_user(call.text("userid"));
  Json tokens = Json::array();
  for (const auto& [name, token] : user->second.tokens) {
    Json item = token_item(token);
    item["tokenid"] = name;
    tokens.push_back(std::move(item));
  }
  return answer(std::move(tokens));
}

Answer read_token(World& world, const Call& call) {
  if (Refusal refusal = require_self_or_manager(world, call)) return *refusal;
  const std::string full = fmt::format("{}!{}", call.text("userid"), call.text("tokenid"));
  const Token* token = world.access.find_token(full);
  if (token != nullptr) return answer(token_item(*token));
  return refuse(
      fmt::format("no such token '{}' for user '{}'", call.text("tokenid"), call.text("userid")));
}

Answer create_token(World& world, const Call& call) {
  if (Refusal refusal = require_self_or_manager(world, call)) return *refusal;
  const auto user = world.access.users.find(call.text("userid"));
  if (user == world.access.users.end()) return missing_user(call.text("userid"));
  const std::string name = call.text("tokenid");
  if (user->second.tokens.contains(name)) return invalid("tokenid", "Token already exists.");
  Token token;
  token.secret = world.random.uuid();
  token.separated = !call.has("privsep") || call.flag("privsep");
  token.expire = call.number("expire");
  token.comment = call.text("comment");
  user->second.tokens[name] = token;
  // The numbers of `info` come as they were sent: as text.
  Json info{{"privsep", token.separated ? "1" : "0"}};
  if (token.expire > 0) info["expire"] = fmt::format("{}", token.expire);
  if (!token.comment.empty()) info["comment"] = token.comment;
  return answer({{"full-tokenid", fmt::format("{}!{}", user->first, name)},
                 {"value", token.secret},
                 {"info", info}});
}

Answer delete_token(World& world, const Call& call) {
  if (Refusal refusal = require_self_or_manager(world, call)) return *refusal;
  const std::string full = fmt::format("{}!{}", call.text("userid"), call.text("tokenid"));
  if (world.access.find_token(full) == nullptr) {
    return refuse(
        fmt::format("no such token '{}' for user '{}'", call.text("tokenid"), call.text("userid")));
  }
  world.access.users.find(call.text("userid"))->second.tokens.erase(call.text("tokenid"));
  std::erase_if(world.access.acl, [&](const AclEntry& entry) { return entry.holder == full; });
  return answer();
}

}  // namespace aegis::simulator
