#include "kinds/proxmox/backups/backup_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/backups/spare.h"
#include "kinds/proxmox/visibility.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_backup = "backup";

bool is_for_backups(const Json& storage) {
  const auto contents = split_any(text_or(storage, "content"), ", ");
  const bool enabled = as_bool(get(storage, "enabled")).value_or(true);
  return enabled && std::find(contents.begin(), contents.end(), k_backup) != contents.end();
}

bool is_active(const Json& storage) {
  return as_bool(get(storage, "active")).value_or(true);
}

// Proxmox's lists tell the sort of guest; those before 6.1 only by the file's name.
bool is_of(const Json& item, std::int64_t vmid, const GuestSystem& system) {
  if (as_integer(get(item, "vmid")) != vmid) return false;
  const std::string subtype = text_or(item, "subtype");
  if (!subtype.empty()) return subtype == system.api_type;
  const std::string volume = text_or(item, "volid");
  return volume.find(fmt::format("vzdump-{}-", system.api_type)) != std::string::npos;
}

std::string flaw_of(const Json& item) {
  if (as_integer(get(item, "size")) == 0) return "it is empty";
  if (is_set_aside(text_or(item, "notes"))) return "a restore set it aside: it is what was broken";
  if (text_or(get(item, "verification"), "state") == "failed") return "its verification failed";
  return {};
}

Copy copy_of(const Json& item) {
  return {.name = text_or(item, "volid"),
          .time = as_integer(get(item, "ctime")).value_or(0),
          .size = as_integer(get(item, "size")).value_or(0),
          .is_protected = as_bool(get(item, "protected")).value_or(false),
          .flaw = flaw_of(item)};
}

Error blind(const std::string& storage, std::int64_t vmid) {
  return {ErrorCode::forbidden,
          fmt::format("these credentials do not see the backups of {1} on the storage {0}: that "
                      "takes Datastore.AllocateSpace on /storage/{0} and VM.Backup on /vms/{1}.",
                      storage,
                      vmid)};
}

}  // namespace

std::vector<Query> backup_queries(const HostQueries& queries, const Replies& replies) {
  std::vector<Query> asked{queries.permissions(), queries.storages()};
  const auto storages = data_of(replies, queries.storages(), "the storages");
  if (!storages) return asked;
  for (const Json& storage : **storages) {
    if (is_for_backups(storage) && is_active(storage))
      asked.push_back(queries.files(text_or(storage, "storage"), k_backup));
  }
  return asked;
}

Result<BackupView> BackupView::read(const HostQueries& queries, const Replies& replies) {
  const auto permissions = data_of(replies, queries.permissions(), "our own permissions");
  if (!permissions) return permissions.error();
  const auto storages = data_of(replies, queries.storages(), "the storages");
  if (!storages) return storages.error();
  BackupView view;
  view.permissions_ = *permissions;
  for (const Json& storage : **storages) {
    if (!is_for_backups(storage)) continue;
    const std::string name = text_or(storage, "storage");
    if (!is_active(storage)) {
      view.problems_.push_back({ErrorCode::unreachable,
                                fmt::format("the storage {} is not there for the server.", name)});
      continue;
    }
    const auto files = data_of(
        replies, queries.files(name, k_backup), fmt::format("the backups on the storage {}", name));
    if (!files) {
      view.problems_.push_back(files.error());
      continue;
    }
    view.storages_.push_back(name);
    for (const Json& item : **files) view.items_.push_back(&item);
  }
  const bool sees_all =
      may_see(**permissions, "Datastore.Audit Datastore.AllocateSpace", "/storage");
  if (view.storages_.empty() && view.problems_.empty() && !sees_all) {
    view.problems_.push_back({ErrorCode::forbidden,
                              "these credentials see no storage for backups: that takes "
                              "Datastore.AllocateSpace on /storage."});
  }
  return view;
}

std::vector<Copy> BackupView::of(std::int64_t vmid, const GuestSystem& system) const {
  std::vector<Copy> copies;
  for (const Json* item : items_) {
    if (is_of(*item, vmid, system)) copies.push_back(copy_of(*item));
  }
  std::sort(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) {
    return a.time == b.time ? a.name < b.name : a.time > b.time;
  });
  return copies;
}

std::vector<Error> BackupView::unread(std::int64_t vmid) const {
  std::vector<Error> errors = problems_;
  const bool sees_guest = may_see(*permissions_, "VM.Backup", fmt::format("/vms/{}", vmid));
  for (const std::string& storage : storages_) {
    const std::string path = "/storage/" + storage;
    const bool sees_all = may_see(*permissions_, "Datastore.Allocate", path);
    const bool sees = may_see(*permissions_, "Datastore.AllocateSpace", path) && sees_guest;
    if (!sees_all && !sees) errors.push_back(blind(storage, vmid));
  }
  return errors;
}

}  // namespace aegis::proxmox
