#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "simulator/options.h"

namespace aegis::simulator {

/// A disk of a container, or a file such as a template.
struct Volume {
  std::string content = {};  ///< "rootdir", "vztmpl", "iso", "snippets", "backup"
  std::int64_t size = 0;
  int vmid = 0;            ///< the container it belongs to; 0 for files
  std::int64_t ctime = 0;  ///< seconds since 1970
  /// Of files that came by download or upload: hex by algorithm ("sha256").
  std::map<std::string, std::string, std::less<>> checksums = {};
  std::string notes = {};
  bool is_protected = false;
  /// Of a backup: the guest's configuration, without what waits in it.
  std::map<std::string, std::string, std::less<>> archived_config = {};
};

/// A storage as its definition and the state of the world make it.
struct Storage : StorageOptions {
  bool shared = false;
  bool enabled = true;  ///< defined for this node and not disabled
  bool active = true;   ///< enabled, and what it needs is there
};

/// The storages of the host and everything on them. Volumes are keyed by their id.
struct Storages {
  std::vector<Storage> storages;  ///< by name; what storage.cfg says
  std::map<std::string, Volume, std::less<>> volumes;

  /// The storage called `name`, or null.
  [[nodiscard]] const Storage* find(std::string_view name) const;

  /// True when `storage` takes that content ("rootdir").
  [[nodiscard]] static bool holds(const StorageOptions& storage, std::string_view content);

  /// Makes a disk with the first free number, named as this type of storage names them
  /// ("local-zfs:subvol-103-disk-0", "data:103/vm-103-disk-0.raw"); returns its id.
  std::string allocate(const StorageOptions& storage,
                       int vmid,
                       std::int64_t size,
                       std::int64_t now);

  /// Bytes in use on `storage`.
  [[nodiscard]] std::int64_t used(std::string_view storage) const;

  /// True when containers' disks on `storage` can be snapshotted.
  [[nodiscard]] static bool can_snapshot(const StorageOptions& storage);
};

/// The storage's part of a volume id: "local" of "local:vztmpl/x".
std::string_view storage_of(std::string_view volume_id);

/// The largest unit that gives a whole number, as Proxmox prints disk sizes: "8G", "512M", "1T".
std::string format_disk_size(std::int64_t bytes);

/// Bytes in "8G", "512M", "0.5G" (as in `resize`); nothing for another text.
std::optional<std::int64_t> parse_disk_size(std::string_view text);

/// An item of a content listing.
Json content_item(std::string_view volume_id, const Volume& volume);

Json to_json(const Storages& storages);
/// The volumes of a saved state; the storages themselves come from storage.cfg.
void volumes_from_json(const Json& json, Storages& storages);

}  // namespace aegis::simulator
