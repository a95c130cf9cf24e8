#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/schema.h"

namespace aegis::simulator {

/// The value of rootfs or mpN.
struct MountPoint {
  /// What a volume string asks to be made: a disk of `size` bytes on `storage` (empty: the default
  /// storage of a create call).
  struct Allocation {
    std::string storage;
    std::int64_t size = 0;
  };

  Parameters values;  ///< by member; "volume" holds what is mounted

  [[nodiscard]] std::string volume() const;
  /// "volume", "bind" or "device".
  [[nodiscard]] std::string_view type() const;
  /// Set when the volume is of the form STORAGE:GIGABYTES or, for `create`, a bare number.
  [[nodiscard]] std::optional<Allocation> allocation() const;
  /// Volume first, then mp, then the rest in alphabetical order.
  [[nodiscard]] std::string print() const;
};

/// Parses the value of `key`; members that are wrong are kept as they are.
MountPoint parse_mount_point(std::string_view key, std::string_view value);

/// True for rootfs and mpN.
bool is_mount_key(std::string_view key);

/// True when `key` is `prefix` and a number: is_indexed("net3", "net").
bool is_indexed(std::string_view key, std::string_view prefix);

}  // namespace aegis::simulator
