#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::proxmox {

/// How Proxmox names and treats one of its two sorts of guests. Everything that is the same for
/// containers and virtual machines is written once, over this.
struct GuestSystem {
  std::string_view noun;         ///< "container", for people
  std::string_view api_type;     ///< "lxc": the piece of the path, and the type in lists
  std::string_view tool;         ///< "pct": the command on the host
  std::string_view task_prefix;  ///< "vz" of "vzstart"
  /// A configuration call starts a task; else it does its work before it answers.
  bool configures_by_task = false;
  /// True for the keys that a manifest can set.
  bool (*is_managed_key)(std::string_view key) = nullptr;
  /// True when a host's text for `key` says what `sent` asked for.
  bool (*fulfils)(std::string_view key, std::string_view sent, std::string_view read) = nullptr;

  /// The part of the attributes that Proxmox keeps under `key`, without sizes of disks; `nets` are
  /// the keys of all interfaces by their names.
  Json (*part_of)(const Json& attributes, std::string_view key, const Json& nets) = nullptr;

  /// "vzstart".
  [[nodiscard]] std::string task_type(std::string_view verb) const;
  /// "/api2/json/nodes/NODE/lxc/VMID" + `rest`.
  [[nodiscard]] std::string path(std::string_view node,
                                 std::int64_t vmid,
                                 std::string_view rest = {}) const;
};

/// LXC containers.
const GuestSystem& container_system();

/// KVM virtual machines.
const GuestSystem& machine_system();

}  // namespace aegis::proxmox
