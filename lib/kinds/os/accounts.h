#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aegis::os {

/// The users and groups of an operating system, from its own files. Passwords are not in it.
struct Accounts {
  struct User {
    std::string uid;
    std::string gid;
    std::string home;
    std::string shell;
    bool expired = false;  ///< since the beginning of time: nobody gets in as this user
  };
  struct Group {
    std::string gid;
    std::set<std::string> members;
  };
  std::map<std::string, User> users;
  std::map<std::string, Group> groups;
  std::map<std::string, std::string> keys;  ///< by user: the text of the file with the keys

  /// Lines of /etc/passwd and /etc/group, and "name:day of expiry" of /etc/shadow. Lines of another
  /// form are left out, as the system does.
  void read_passwd(std::string_view text);
  void read_group(std::string_view text);
  void read_expiry(std::string_view text);

  /// The name of the group, or its number when it has none.
  [[nodiscard]] std::string group_name(const std::string& gid) const;
  /// The groups that the user is in besides the first one, sorted.
  [[nodiscard]] std::vector<std::string> groups_of(const std::string& user) const;
};

/// Where what a user may do by sudo is written.
std::string sudo_path(const std::string& user);

}  // namespace aegis::os
