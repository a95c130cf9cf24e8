#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis::simulator {

/// Who a request acts as: a user ("root@pam") or a full token id ("root@pam!aegis").
struct Caller {
  std::string id;

  [[nodiscard]] bool is_token() const { return id.find('!') != std::string::npos; }
  /// Passes the checks that compare with the exact name root@pam; no token ever does.
  [[nodiscard]] bool is_root() const { return id == "root@pam"; }
  /// The user behind a token, or the user itself.
  [[nodiscard]] std::string user() const { return id.substr(0, id.find('!')); }
};

struct Token {
  std::string secret;
  bool separated = true;    ///< privsep: only what both the user and the token may
  std::int64_t expire = 0;  ///< seconds since 1970; 0: never
  std::string comment;
};

struct User {
  bool enabled = true;
  std::int64_t expire = 0;
  std::string password_hash;  ///< empty: no login with a password
  std::string comment;
  std::string email;
  std::string first_name;
  std::string last_name;
  std::string keys;  ///< of second factors
  std::map<std::string, Token, std::less<>> tokens;
};

struct Group {
  std::string comment;
  std::set<std::string, std::less<>> users;
};

/// One line of the access control list.
struct AclEntry {
  std::string path;
  std::string holder;  ///< a user, a full token id, or "@" and a group
  std::string role;
  bool propagate = true;
};

/// Privileges and whether each propagates below the path.
using Privileges = std::map<std::string, bool, std::less<>>;

/// Every privilege of Proxmox VE 8.4, sorted.
std::span<const std::string_view> all_privileges();

/// Users, their tokens, groups, roles and the access control list.
struct Access {
  std::map<std::string, User, std::less<>> users;
  std::map<std::string, Group, std::less<>> groups;
  std::map<std::string, std::vector<std::string>, std::less<>> roles;  ///< built-in ones included
  std::vector<AclEntry> acl;

  /// The built-in roles; no users.
  static Access with_builtin_roles();

  /// What `caller` may do at `path`, by Proxmox's rules: the entries of the deepest path win, on
  /// one path a user's own entries win over those of the user's groups, and a separated token has
  /// what both it and its user have.
  [[nodiscard]] Privileges privileges(const Caller& caller, std::string_view path) const;

  /// True for root@pam and for its tokens that are not separated: they have every privilege.
  [[nodiscard]] bool may_everything(const Caller& caller) const;

  /// The token that `full_id` names, or null.
  [[nodiscard]] const Token* find_token(std::string_view full_id) const;

  /// True when the user exists, is enabled and has not expired at `now` (seconds since 1970).
  [[nodiscard]] bool may_log_in(std::string_view user, std::int64_t now) const;

  /// The groups of a user, sorted.
  [[nodiscard]] std::vector<std::string> groups_of(std::string_view user) const;

  /// Takes away every grant of `holder`.
  void drop_grants(std::string_view holder);

  /// Salted hash of a password, and its check.
  static std::string hash_password(std::string_view password, std::string_view salt);
  [[nodiscard]] bool password_fits(std::string_view user, std::string_view password) const;
};

/// The form of the state file (access_json.cpp).
Json to_json(const Access& access);
Access access_from_json(const Json& json);

}  // namespace aegis::simulator
