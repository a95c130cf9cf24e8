#include "simulator/access.h"

namespace aegis::simulator {
namespace {

Json user_to_json(const User& user) {
  Json tokens = Json::object();
  for (const auto& [name, token] : user.tokens) {
    tokens[name] = {{"secret", token.secret},
                    {"separated", token.separated},
                    {"expire", token.expire},
                    {"comment", token.comment}};
  }
  return {{"enabled", user.enabled},
          {"expire", user.expire},
          {"password_hash", user.password_hash},
          {"comment", user.comment},
          {"email", user.email},
          {"first_name", user.first_name},
          {"last_name", user.last_name},
          {"keys", user.keys},
          {"tokens", tokens}};
}

User user_from_json(const Json& json) {
  User user{as_bool(get(json, "enabled")).value_or(true),
            as_integer(get(json, "expire")).value_or(0),
            text_or(json, "password_hash"),
            text_or(json, "comment"),
            text_or(json, "email"),
            text_or(json, "first_name"),
            text_or(json, "last_name"),
            text_or(json, "keys"),
            {}};
  for (const auto& [name, token] : get(json, "tokens").items()) {
    user.tokens[name] = {text_or(token, "secret"),
                         as_bool(get(token, "separated")).value_or(true),
                         as_integer(get(token, "expire")).value_or(0),
                         text_or(token, "comment")};
  }
  return user;
}

}  // namespace

Json to_json(const Access& access) {
  Json users = Json::object();
  for (const auto& [name, user] : access.users) users[name] = user_to_json(user);
  Json groups = Json::object();
  for (const auto& [name, group] : access.groups) {
    groups[name] = {{"comment", group.comment}, {"users", group.users}};
  }
  Json acl = Json::array();
  for (const AclEntry& entry : access.acl) {
    acl.push_back({{"path", entry.path},
                   {"holder", entry.holder},
                   {"role", entry.role},
                   {"propagate", entry.propagate}});
  }
  return {{"users", users}, {"groups", groups}, {"roles", access.roles}, {"acl", acl}};
}

Access access_from_json(const Json& json) {
  Access access = Access::with_builtin_roles();
  for (const auto& [name, user] : get(json, "users").items()) {
    access.users[name] = user_from_json(user);
  }
  for (const auto& [name, item] : get(json, "groups").items()) {
    Group& group = access.groups[name];
    group.comment = text_or(item, "comment");
    for (const Json& user : get(item, "users")) group.users.insert(as_text(user));
  }
  for (const auto& [name, privileges] : get(json, "roles").items()) {
    std::vector<std::string>& role = access.roles[name];
    role.clear();
    for (const Json& privilege : privileges) role.push_back(as_text(privilege));
  }
  for (const Json& entry : get(json, "acl")) {
    access.acl.push_back({text_or(entry, "path"),
                          text_or(entry, "holder"),
                          text_or(entry, "role"),
                          as_bool(get(entry, "propagate")).value_or(true)});
  }
  return access;
}

}  // namespace aegis::simulator
