#include "simulator/access.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"

namespace aegis::simulator {
namespace {

constexpr std::array<std::string_view, 42> k_privileges{"Datastore.Allocate",
                                                        "Datastore.AllocateSpace",
                                                        "Datastore.AllocateTemplate",
                                                        "Datastore.Audit",
                                                        "Group.Allocate",
                                                        "Mapping.Audit",
                                                        "Mapping.Modify",
                                                        "Mapping.Use",
                                                        "Permissions.Modify",
                                                        "Pool.Allocate",
                                                        "Pool.Audit",
                                                        "Realm.Allocate",
                                                        "Realm.AllocateUser",
                                                        "SDN.Allocate",
                                                        "SDN.Audit",
                                                        "SDN.Use",
                                                        "Sys.AccessNetwork",
                                                        "Sys.Audit",
                                                        "Sys.Console",
                                                        "Sys.Incoming",
                                                        "Sys.Modify",
                                                        "Sys.PowerMgmt",
                                                        "Sys.Syslog",
                                                        "User.Modify",
                                                        "VM.Allocate",
                                                        "VM.Audit",
                                                        "VM.Backup",
                                                        "VM.Clone",
                                                        "VM.Config.CDROM",
                                                        "VM.Config.CPU",
                                                        "VM.Config.Cloudinit",
                                                        "VM.Config.Disk",
                                                        "VM.Config.HWType",
                                                        "VM.Config.Memory",
                                                        "VM.Config.Network",
                                                        "VM.Config.Options",
                                                        "VM.Console",
                                                        "VM.Migrate",
                                                        "VM.Monitor",
                                                        "VM.PowerMgmt",
                                                        "VM.Snapshot",
                                                        "VM.Snapshot.Rollback"};

constexpr std::string_view k_root = "root@pam";

template <typename Predicate>
std::vector<std::string> privileges_that(Predicate predicate) {
  std::vector<std::string> chosen;
  for (const std::string_view privilege : k_privileges) {
    if (predicate(privilege)) chosen.emplace_back(privilege);
  }
  return chosen;
}

// "/", "/vms", "/vms/100" for "/vms/100".
std::vector<std::string> levels_of(std::string_view path) {
  std::vector<std::string> levels{"/"};
  std::string level;
  for (const std::string& piece : split_any(path, "/")) {
    level += "/" + piece;
    levels.push_back(level);
  }
  return levels;
}

using Roles = std::map<std::string, bool>;

// The roles that one holder has from the entries of one path.
Roles roles_of(const Access& access, std::string_view holder, const std::string& level, bool last) {
  Roles roles;
  for (const AclEntry& entry : access.acl) {
    const bool applies = entry.propagate || last;
    if (entry.holder == holder && entry.path == level && applies) {
      roles[entry.role] = entry.propagate;
    }
  }
  return roles;
}

Roles roles_at(const Access& access, std::string_view holder, std::string_view path) {
  Roles roles;
  const std::vector<std::string> levels = levels_of(path);
  const std::vector<std::string> groups = access.groups_of(holder);
  for (const std::string& level : levels) {
    const bool last = level == levels.back();
    Roles here = roles_of(access, holder, level, last);
    if (here.empty()) {
      for (const std::string& group : groups)
        here.merge(roles_of(access, "@" + group, level, last));
    }
    if (!here.empty()) roles = std::move(here);
  }
  return roles.contains("NoAccess") ? Roles{} : roles;
}

Privileges privileges_of_holder(const Access& access,
                                std::string_view holder,
                                std::string_view path) {
  Privileges privileges;
  if (holder == k_root) {
    for (const std::string_view privilege : k_privileges) privileges.emplace(privilege, true);
    return privileges;
  }
  for (const auto& [role, propagate] : roles_at(access, holder, path)) {
    const auto found = access.roles.find(role);
    if (found == access.roles.end()) continue;
    for (const std::string& privilege : found->second) privileges[privilege] |= propagate;
  }
  return privileges;
}

}  // namespace

std::span<const std::string_view> all_privileges() {
  return k_privileges;
}

Access Access::with_builtin_roles() {
  const auto is_audit = [](std::string_view name) { return name.ends_with(".Audit"); };
  const auto is_vm = [](std::string_view name) { return name.starts_with("VM."); };
  const auto is_datastore = [](std::string_view name) { return name.starts_with("Datastore."); };
  Access access;
  access.roles["Administrator"] = privileges_that([](std::string_view) { return true; });
  access.roles["NoAccess"] = {};
  access.roles["PVEAuditor"] = privileges_that(is_audit);
  access.roles["PVEVMAdmin"] = privileges_that(is_vm);
  access.roles["PVEDatastoreAdmin"] = privileges_that(is_datastore);
  access.roles["PVEAdmin"] = privileges_that([](std::string_view name) {
    constexpr std::array<std::string_view, 6> k_withheld{"Permissions.Modify",
                                                         "Realm.Allocate",
                                                         "Sys.AccessNetwork",
                                                         "Sys.Incoming",
                                                         "Sys.Modify",
                                                         "Sys.PowerMgmt"};
    return std::find(k_withheld.begin(), k_withheld.end(), name) == k_withheld.end();
  });
  access.roles["PVEVMUser"] = {"VM.Audit",
                               "VM.Backup",
                               "VM.Config.CDROM",
                               "VM.Config.Cloudinit",
                               "VM.Console",
                               "VM.PowerMgmt"};
  access.roles["PVEDatastoreUser"] = {"Datastore.AllocateSpace", "Datastore.Audit"};
  access.roles["PVETemplateUser"] = {"VM.Audit", "VM.Clone"};
  access.roles["PVEPoolAdmin"] = {"Pool.Allocate", "Pool.Audit"};
  access.roles["PVEPoolUser"] = {"Pool.Audit"};
  access.roles["PVESDNAdmin"] = {"SDN.Allocate", "SDN.Audit", "SDN.Use"};
  access.roles["PVESDNUser"] = {"SDN.Audit", "SDN.Use"};
  access.roles["PVESysAdmin"] = {"Sys.Audit", "Sys.Console", "Sys.Syslog"};
  access.roles["PVEUserAdmin"] = {"Group.Allocate", "Realm.AllocateUser", "User.Modify"};
  return access;
}

Privileges Access::privileges(const Caller& caller, std::string_view path) const {
  Privileges of_user = privileges_of_holder(*this, caller.user(), path);
  if (!caller.is_token()) return of_user;
  const Token* token = find_token(caller.id);
  if (token == nullptr) return {};
  if (!token->separated) return of_user;
  Privileges both;
  for (const auto& [privilege, propagate] : privileges_of_holder(*this, caller.id, path)) {
    const auto found = of_user.find(privilege);
    if (found != of_user.end()) both[privilege] = propagate && found->second;
  }
  return both;
}

bool Access::may_everything(const Caller& caller) const {
  if (caller.user() != k_root) return false;
  const Token* token = find_token(caller.id);
  return !caller.is_token() || (token != nullptr && !token->separated);
}

const Token* Access::find_token(std::string_view full_id) const {
  const std::size_t mark = full_id.find('!');
  if (mark == std::string_view::npos) return nullptr;
  const auto user = users.find(full_id.substr(0, mark));
  if (user == users.end()) return nullptr;
  const auto token = user->second.tokens.find(full_id.substr(mark + 1));
  return token == user->second.tokens.end() ? nullptr : &token->second;
}

bool Access::may_log_in(std::string_view user, std::int64_t now) const {
  const auto found = users.find(user);
  if (found == users.end() || !found->second.enabled) return false;
  return found->second.expire == 0 || found->second.expire > now;
}

std::string Access::hash_password(std::string_view password, std::string_view salt) {
  return std::string(salt) + "$" + hmac_sha256_hex(salt, password);
}

bool Access::password_fits(std::string_view user, std::string_view password) const {
  const auto found = users.find(user);
  if (found == users.end() || found->second.password_hash.empty()) return false;
  const std::string& hash = found->second.password_hash;
  return hash == hash_password(password, hash.substr(0, hash.find('$')));
}

std::vector<std::string> Access::groups_of(std::string_view user) const {
  std::vector<std::string> names;
  for (const auto& [name, group] : groups) {
    if (group.users.contains(user)) names.push_back(name);
  }
  return names;
}

void Access::drop_grants(std::string_view holder) {
  std::erase_if(acl, [&](const AclEntry& entry) { return entry.holder == holder; });
}

}  // namespace aegis::simulator
