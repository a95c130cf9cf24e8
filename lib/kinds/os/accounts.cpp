#include "kinds/os/accounts.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::os {
namespace {

// The fields of each line that has as many of them.
std::vector<std::vector<std::string>> rows_of(std::string_view text, std::size_t fields) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& line : split(text, '\n')) {
    auto row = split(line, ':');
    if (row.size() == fields) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

void Accounts::read_passwd(std::string_view text) {
  constexpr std::size_t k_fields = 7;  // name, password, uid, gid, comment, home, shell
  for (const auto& row : rows_of(text, k_fields)) {
    users[row[0]] = {row[2], row[3], row[5], row[6], false};
  }
}

void Accounts::read_group(std::string_view text) {
  constexpr std::size_t k_fields = 4;  // name, password, gid, members
  for (const auto& row : rows_of(text, k_fields)) {
    Group& group = groups[row[0]];
    group.gid = row[2];
    for (const std::string& member : split_any(row[3], ",")) group.members.insert(member);
  }
}

void Accounts::read_expiry(std::string_view text) {
  for (const auto& row : rows_of(text, 2)) {
    const auto user = users.find(row[0]);
    if (user != users.end()) user->second.expired = row[1] == "0" || row[1] == "1";
  }
}

std::string Accounts::group_name(const std::string& gid) const {
  for (const auto& [name, group] : groups) {
    if (group.gid == gid) return name;
  }
  return gid;
}

std::vector<std::string> Accounts::groups_of(const std::string& user) const {
  std::vector<std::string> names;
  for (const auto& [name, group] : groups) {
    if (group.members.contains(user)) names.push_back(name);
  }
  return names;
}

std::string sudo_path(const std::string& user) {
  return fmt::format("/etc/sudoers.d/aegisctl-{}", user);
}

}  // namespace aegis::os
