#include "kinds/proxmox/objects/storage.h"

#include <fmt/format.h>

#include <array>

#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::string_view k_files = "dir btrfs nfs cifs";
constexpr std::string_view k_with_limits = "dir nfs cifs zfspool lvm lvmthin";
constexpr std::string_view k_remote = "nfs cifs pbs";
constexpr std::string_view k_remount =
    "a share that is mounted keeps what it was mounted with until `umount /mnt/pve/NAME`";

constexpr std::array k_fields{
    Field{.name = "content", .form = word_list, .needed = "*"},
    Field{.name = "nodes", .form = word_list},
    Field{.name = "disable", .form = flag, .fallback = "0"},
    Field{.name = "shared", .form = flag, .fallback = "0", .types = "dir btrfs lvm"},
    Field{.name = "bwlimit", .form = properties, .types = k_with_limits},

    Field{.name = "path", .types = "dir btrfs", .needed = "*", .fixed = true},
    Field{.name = "is_mountpoint", .fallback = "no", .types = "dir btrfs"},
    Field{.name = "create-base-path", .form = flag, .fallback = "1", .types = k_files},
    Field{.name = "create-subdirs", .form = flag, .fallback = "1", .types = k_files},
    Field{.name = "nocow", .form = flag, .fallback = "0", .types = "btrfs"},
    Field{.name = "content-dirs", .form = properties, .types = "dir nfs cifs"},
    Field{.name = "format", .types = k_files},
    Field{.name = "preallocation", .fallback = "metadata", .types = k_files},
    Field{.name = "prune-backups", .form = properties, .types = "dir btrfs nfs cifs pbs"},
    Field{.name = "max-protected-backups", .form = number, .types = "dir btrfs nfs cifs pbs"},

    Field{.name = "server", .types = k_remote, .needed = "*", .fixed = true},
    Field{.name = "export", .types = "nfs", .needed = "*", .fixed = true},
    Field{.name = "share", .types = "cifs", .needed = "*", .fixed = true},
    Field{.name = "subdir", .types = "cifs", .note = k_remount},
    Field{.name = "username", .types = "cifs pbs", .note = k_remount},
    Field{.name = "password", .form = secret, .types = "cifs pbs", .shown_by = "username"},
    Field{.name = "domain", .types = "cifs", .note = k_remount},
    Field{.name = "smbversion", .fallback = "default", .types = "cifs", .note = k_remount},
    Field{.name = "options", .types = "nfs cifs", .note = k_remount},

    Field{.name = "datastore", .types = "pbs", .needed = "*", .fixed = true},
    Field{.name = "namespace", .types = "pbs"},
    Field{.name = "port", .form = number, .fallback = "8007", .types = "pbs"},
    Field{.name = "fingerprint", .types = "pbs"},
    Field{.name = "encryption-key", .form = secret, .types = "pbs", .only_new = true},
    Field{.name = "master-pubkey", .form = secret, .types = "pbs", .only_new = true},

    Field{.name = "pool", .types = "zfspool", .needed = "*", .fixed = true},
    Field{.name = "blocksize", .types = "zfspool"},
    Field{.name = "sparse", .form = flag, .fallback = "0", .types = "zfspool"},
    Field{.name = "mountpoint", .types = "zfspool", .host_made = true},

    Field{.name = "vgname", .types = "lvm lvmthin", .needed = "*", .fixed = true},
    Field{.name = "thinpool", .types = "lvmthin", .needed = "*", .fixed = true},
    Field{.name = "base", .types = "lvm", .fixed = true},
    Field{.name = "saferemove", .form = flag, .fallback = "0", .types = "lvm"},
    Field{.name = "saferemove_throughput", .types = "lvm"},
    Field{.name = "tagged_only", .form = flag, .fallback = "0", .types = "lvm"},
};

std::string path_of(std::string_view name) {
  return fmt::format("/storage/{}", name);
}

constexpr proxmox::ObjectType k_type{.kind = "storage",
                                     .schema = "storage",
                                     .section = "storage",
                                     .noun = "storage",
                                     .list = "/storage",
                                     .id_key = "storage",
                                     .fields = k_fields,
                                     .types = "dir btrfs nfs cifs pbs zfspool lvm lvmthin",
                                     .sends_type = true,
                                     .removal = "the entry only, its data stays",
                                     .privileges = "Datastore.Audit Datastore.AllocateSpace",
                                     .guarded_path = path_of};

}  // namespace

const Kind& storage_kind() {
  return proxmox::object_kind<k_type>();
}

}  // namespace aegis
