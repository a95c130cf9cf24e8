#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "kinds/proxmox/api.h"

namespace aegis::proxmox {

/// A firewall rule as this folder passes it on: an object with Proxmox's names and texts as values
/// ("type", "action", "proto", "icmp-type", ...), "enable" being "0" or "1". What is not set is
/// left out; the log level "nolog" is what a rule without one has.

/// The rule that a manifest's entry asks for: { in: ACCEPT, proto: tcp, dport: 22 }. `macros` are
/// the names that the host has, which gives a macro its spelling.
Json rule_of_spec(const Json& spec, const Json& macros);

/// The rule in a member of GET .../rules.
Json rule_of_live(const Json& item);

/// The rule on one line, as Proxmox's own files write it: "IN ACCEPT -p tcp -dport 22 # comment";
/// one that is switched off starts with "|". Equal rules have equal texts, and only they.
std::string rule_text(const Json& rule);

/// All members of the rule, as the parameters of a POST. `enabled` takes the place of its own.
Form rule_form(const Json& rule, bool enabled);

/// True when the rule is switched on.
bool is_enabled(const Json& rule);

/// True for a rule that can only let something pass; groups can do anything.
bool only_accepts(const Json& rule);

/// The rule that marks a level as ours. It is switched off, and would do nothing if it were on.
Json marker_rule();
bool is_marker(const Json& rule);

/// `name` as the host spells it, from `macros`; unchanged when the host has no such macro.
std::string macro_name(const std::string& name, const Json& macros);

}  // namespace aegis::proxmox
