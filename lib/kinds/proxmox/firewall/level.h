#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "kinds/proxmox/guest_system.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// A place that has a firewall of its own.
struct FirewallLevel {
  enum class Type { datacenter, node, guest };
  Type type = Type::datacenter;
  std::string path;    ///< "/cluster/firewall": below the API's root
  std::string spoken;  ///< "the datacenter's firewall"

  /// Aliases and IP sets are kept there.
  [[nodiscard]] bool has_sets() const { return type != Type::node; }
  /// Security groups are kept there.
  [[nodiscard]] bool has_groups() const { return type == Type::datacenter; }
  /// It guards the server itself, and so our own way in.
  [[nodiscard]] bool guards_server() const { return type != Type::guest; }
};

/// The sort of guest that a firewall called "container-aegis" or "machine-windows" is of.
const GuestSystem& firewalled_system(std::string_view name);

/// The level of a firewall called `name` ("datacenter", "node", "container-aegis",
/// "machine-windows") on the node; that of a guest needs its vmid.
FirewallLevel firewall_level(std::string_view name, std::string_view node, std::int64_t vmid);

/// One option of a level.
struct FirewallOption {
  enum class Type { flag, number, text };
  std::string_view name;
  Type type = Type::flag;
  std::string_view fallback;  ///< what is in force when it is not set; "" for none
};
std::span<const FirewallOption> firewall_options(FirewallLevel::Type type);

/// The value of an option as text ("1" for true); what is not set, or the fallback itself, is "".
std::string option_text(const FirewallOption& option, const Json& value);

/// True when `options` (by name, as text) leave the level switched on.
bool is_switched_on(FirewallLevel::Type type, const Json& options);

}  // namespace aegis::proxmox
