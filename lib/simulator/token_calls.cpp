#include <fmt/format.h>

#include "simulator/access_calls.h"
#include "simulator/access_rights.h"

namespace aegis::simulator {
namespace {

Refusal require_self_or_manager(const World& world, const Call& call) {
  if (call.caller.user() == call.text("userid")) return {};
  return require_user_rights(world, call, false);
}

Answer missing_token(const Call& call, std::string_view prefix = "") {
  return refuse(fmt::format(
      "{}no such token '{}' for user '{}'", prefix, call.text("tokenid"), call.text("userid")));
}

User* find_user(World& world, const Call& call) {
  const auto user = world.access.users.find(call.text("userid"));
  return user == world.access.users.end() ? nullptr : &user->second;
}

Answer missing_user(const Call& call) {
  return refuse(fmt::format("no such user ('{}')", call.text("userid")));
}

void set_fields(const Call& call, Token& token) {
  if (call.has("privsep")) token.separated = call.flag("privsep");
  if (call.has("expire")) token.expire = call.number("expire");
  if (call.has("comment")) token.comment = call.text("comment");
}

}  // namespace

Json token_item(const Token& token) {
  Json item{{"privsep", token.separated ? 1 : 0}, {"expire", token.expire}};
  if (!token.comment.empty()) item["comment"] = token.comment;
  return item;
}

Answer list_tokens(World& world, const Call& call) {
  if (Refusal refusal = require_self_or_manager(world, call)) return *refusal;
  const User* user = find_user(world, call);
  if (user == nullptr) return missing_user(call);
  Json tokens = Json::array();
  for (const auto& [name, token] : user->tokens) {
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
  return token != nullptr ? answer(token_item(*token)) : missing_token(call);
}

Answer create_token(World& world, const Call& call) {
  if (Refusal refusal = require_self_or_manager(world, call)) return *refusal;
  User* user = find_user(world, call);
  if (user == nullptr) return missing_user(call);
  const std::string name = call.text("tokenid");
  if (user->tokens.contains(name)) return invalid("tokenid", "Token already exists.");
  Token token;
  token.secret = world.random.uuid();
  set_fields(call, token);
  user->tokens[name] = token;
  // The numbers of `info` come as they were sent: as text.
  Json info{{"privsep", token.separated ? "1" : "0"}};
  if (token.expire > 0) info["expire"] = fmt::format("{}", token.expire);
  if (!token.comment.empty()) info["comment"] = token.comment;
  return answer({{"full-tokenid", fmt::format("{}!{}", call.text("userid"), name)},
                 {"value", token.secret},
                 {"info", info}});
}

Answer update_token(World& world, const Call& call) {
  if (Refusal refusal = require_self_or_manager(world, call)) return *refusal;
  User* user = find_user(world, call);
  if (user == nullptr) return missing_user(call);
  const auto token = user->tokens.find(call.text("tokenid"));
  if (token == user->tokens.end()) return missing_token(call, "updating token info failed: ");
  set_fields(call, token->second);
  return answer(token_item(token->second));
}

Answer delete_token(World& world, const Call& call) {
  if (Refusal refusal = require_self_or_manager(world, call)) return *refusal;
  User* user = find_user(world, call);
  if (user == nullptr) return missing_user(call);
  if (user->tokens.erase(call.text("tokenid")) == 0) return missing_token(call);
  world.access.drop_grants(fmt::format("{}!{}", call.text("userid"), call.text("tokenid")));
  return answer();
}

}  // namespace aegis::simulator
