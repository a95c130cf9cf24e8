#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "simulator/firewall.h"

namespace aegis::simulator {

/// Formats of the firewall's parameters; see FormatCheck.
namespace formats {
std::optional<std::string> address_spec(std::string_view text);  ///< of `source` and `dest`
std::optional<std::string> port_spec(std::string_view text);
std::optional<std::string> protocol(std::string_view text);
std::optional<std::string> ip_or_cidr(std::string_view text);
std::optional<std::string> ip_or_cidr_or_alias(std::string_view text);
}  // namespace formats

/// The names of the macros, as Proxmox spells them.
std::span<const std::string_view> firewall_macros();

/// Where a rule stands: what it may name.
struct RuleContext {
  const Firewall& cluster;
  const Firewall* guest = nullptr;  ///< of a guest's rule
};

/// Brings `rule` into the form in which it is stored, and complains by parameter of what is wrong
/// with it as a whole: unknown actions and macros, missing aliases and sets, ports without a
/// protocol that has them, a guest's interface that is no network device.
FieldErrors settle_rule(FirewallRule& rule, const RuleContext& context);

/// True when the alias is there; names may start with "dc/" or "guest/".
bool has_alias(std::string_view name, const RuleContext& context);

/// `cidr` as an IP set stores it: host bits cleared, /32 and /128 taken off. Empty for a zero
/// prefix. An alias is kept.
std::string set_entry_address(std::string_view cidr);

}  // namespace aegis::simulator
