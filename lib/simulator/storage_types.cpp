#include "simulator/storage_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "base/text.h"
#include "simulator/retention.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Options = std::vector<SectionOption>;

constexpr std::string_view k_files = "images rootdir vztmpl iso backup snippets import none";
constexpr std::string_view k_shared_files = "images rootdir vztmpl iso backup snippets import";
constexpr std::string_view k_disks = "images rootdir none";

constexpr std::array<StorageKind, 8> k_kinds{{
    {"dir", k_files, "images,rootdir"},
    {"btrfs", k_files, "images,rootdir"},
    {"nfs", k_shared_files, "images", true},
    {"cifs", k_shared_files, "images", true},
    {"zfspool", k_disks, "images,rootdir"},
    {"lvmthin", k_disks, "images,rootdir"},
    {"lvm", k_disks, "images,rootdir"},
    {"pbs", "backup none", "backup", true},
}};

// Properties of every storage, of those that keep backups, and of those that are folders.
const Options k_common{{"nodes"}, {"disable"}, {"content"}};
const Options k_backups{{"prune-backups"}, {"max-protected-backups"}, {"maxfiles"}};
const Options k_folder{{"prune-backups"},
                       {"max-protected-backups"},
                       {"maxfiles"},
                       {"content-dirs"},
                       {"format"},
                       {"mkdir"},
                       {"create-base-path"},
                       {"create-subdirs"},
                       {"bwlimit"},
                       {"preallocation"}};
const SectionOption k_path{.name = "path", .required = true, .fixed = true};
const SectionOption k_mount_path{.name = "path", .fixed = true};

Options with(Options own, std::initializer_list<Options> more) {
  for (const Options& options : more) own.insert(own.end(), options.begin(), options.end());
  return own;
}

SectionOption fixed(std::string_view name) {
  return {.name = name, .required = true, .fixed = true};
}

SectionOption secret(std::string_view name) {
  return {.name = name, .secret = true};
}

std::vector<SectionType> make_types() {
  return {
      {"dir", with({k_path, {"is_mountpoint"}, {"shared"}}, {k_common, k_folder})},
      {"btrfs", with({k_path, {"is_mountpoint"}, {"nocow"}, {"shared"}}, {k_common, k_folder})},
      {"nfs",
       with({k_mount_path, fixed("server"), fixed("export"), {"options"}}, {k_common, k_folder})},
      {"cifs",
       with({k_mount_path,
             fixed("server"),
             fixed("share"),
             {"subdir"},
             {"username"},
             secret("password"),
             {"domain"},
             {"smbversion"},
             {"options"}},
            {k_common, k_folder})},
      {"zfspool",
       with({fixed("pool"), {"blocksize"}, {"sparse"}, {"mountpoint"}, {"bwlimit"}}, {k_common})},
      {"lvmthin", with({fixed("vgname"), fixed("thinpool"), {"bwlimit"}}, {k_common})},
      {"lvm",
       with({fixed("vgname"),
             {.name = "base", .fixed = true},
             {"shared"},
             {"saferemove"},
             {"saferemove_throughput"},
             {"tagged_only"},
             {"bwlimit"}},
            {k_common})},
      {"pbs",
       with({fixed("server"),
             fixed("datastore"),
             {"namespace"},
             {"port"},
             {"username"},
             secret("password"),
             secret("encryption-key"),
             secret("master-pubkey"),
             {"fingerprint"}},
            {k_common, k_backups})},
  };
}

const std::vector<std::string_view> k_names{"btrfs",
                                            "cephfs",
                                            "cifs",
                                            "dir",
                                            "esxi",
                                            "glusterfs",
                                            "iscsi",
                                            "iscsidirect",
                                            "lvm",
                                            "lvmthin",
                                            "nfs",
                                            "pbs",
                                            "rbd",
                                            "zfs",
                                            "zfspool"};

// Parameters that a definition can be given at any time.
const std::vector<Field> k_changeable{
    {.name = "storage", .required = true, .format = formats::storage_id},
    {.name = "blocksize"},
    {.name = "bwlimit"},
    {.name = "content", .type = list, .format = formats::content_type},
    {.name = "content-dirs"},
    {.name = "create-base-path", .type = boolean},
    {.name = "create-subdirs", .type = boolean},
    {.name = "disable", .type = boolean},
    {.name = "domain", .max_length = 256},
    {.name = "encryption-key"},
    {.name = "fingerprint", .pattern = "([A-Fa-f0-9]{2}:){31}[A-Fa-f0-9]{2}"},
    {.name = "format", .choices = {"raw", "qcow2", "subvol", "vmdk"}},
    {.name = "is_mountpoint"},
    {.name = "master-pubkey"},
    {.name = "max-protected-backups", .type = integer, .minimum = -1},
    {.name = "maxfiles", .type = integer, .minimum = 0},
    {.name = "mkdir", .type = boolean},
    {.name = "mountpoint", .format = formats::absolute_path},
    {.name = "namespace"},
    {.name = "nocow", .type = boolean},
    {.name = "nodes", .type = list, .format = formats::node},
    {.name = "options", .format = formats::mount_options},
    {.name = "password", .max_length = 256},
    {.name = "pool"},
    {.name = "port", .type = integer, .minimum = 1, .maximum = 65535},
    {.name = "preallocation", .choices = {"off", "metadata", "falloc", "full"}},
    {.name = "prune-backups", .members = retention_fields()},
    {.name = "saferemove", .type = boolean},
    {.name = "saferemove_throughput"},
    {.name = "server", .format = formats::server},
    {.name = "shared", .type = boolean},
    {.name = "smbversion", .choices = {"default", "2.0", "2.1", "3", "3.0", "3.11"}},
    {.name = "sparse", .type = boolean},
    {.name = "subdir", .format = formats::absolute_path},
    {.name = "tagged_only", .type = boolean},
    {.name = "username"}};

std::vector<Field> make_new_fields() {
  std::vector<Field> fields = k_changeable;
  fields.push_back({.name = "type", .required = true, .choices = k_names});
  fields.push_back({.name = "base", .format = formats::volume_id});
  fields.push_back({.name = "datastore"});
  fields.push_back({.name = "export", .format = formats::absolute_path});
  fields.push_back({.name = "path", .format = formats::absolute_path});
  fields.push_back({.name = "share"});
  fields.push_back({.name = "thinpool", .format = formats::volume_group});
  fields.push_back({.name = "vgname", .format = formats::volume_group});
  return fields;
}

std::vector<Field> make_update_fields() {
  std::vector<Field> fields = k_changeable;
  fields.push_back(
      {.name = "delete", .type = list, .max_length = 4096, .format = formats::configid});
  fields.push_back({.name = "digest", .max_length = 64});
  return fields;
}

}  // namespace

std::span<const SectionType> storage_types() {
  static const std::vector<SectionType> k_types = make_types();
  return k_types;
}

const StorageKind* storage_kind(std::string_view type) {
  const auto found = std::find_if(
      k_kinds.begin(), k_kinds.end(), [&](const StorageKind& kind) { return kind.name == type; });
  return found == k_kinds.end() ? nullptr : &*found;
}

std::span<const Field> new_storage_fields() {
  static const std::vector<Field> k_fields = make_new_fields();
  return k_fields;
}

std::span<const Field> storage_update_fields() {
  static const std::vector<Field> k_fields = make_update_fields();
  return k_fields;
}

Refusal check_content(std::string_view type, std::string_view content) {
  const StorageKind* kind = storage_kind(type);
  if (kind == nullptr) return {};
  const std::vector<std::string> possible = split_any(kind->contents, " ");
  for (const std::string& item : split_any(content, ", ;")) {
    if (std::find(possible.begin(), possible.end(), item) == possible.end()) {
      return refuse(fmt::format("storage does not support content type '{}'", item));
    }
  }
  return {};
}

std::string stored_content(std::string_view content) {
  const std::vector<std::string> items = split_any(content, ", ;");
  // A real host's order is that of a Perl hash; backwards is one that nobody writes.
  const std::set<std::string, std::greater<>> once(items.begin(), items.end());
  return fmt::format("{}", fmt::join(once, ","));
}

}  // namespace aegis::simulator
