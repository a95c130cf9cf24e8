#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "kinds/proxmox/firewall/level.h"

namespace aegis::proxmox {

/// What a level's firewall is, in one shape for manifests and for Proxmox:
///
///     {options: {policy_in: "REJECT"},                  texts; defaults are left out
///      rules: [RULE, ...],                              rule.h; of live ones the marker too
///      aliases: {lan: {name, cidr, comment}},           by name in lower case
///      ipsets: {management: {comment, entries: {"10.0.0.0/24": {nomatch, comment, cidr}}}},
///      groups: {web: {comment, rules: [RULE, ...]}}}
///
/// Comments are always there, "" for none. An entry's `cidr` is its live spelling.

/// The firewall that a manifest asks for. `macros` are the names that the host has.
Json firewall_of_spec(const FirewallLevel& level, const Json& spec, const Json& macros);

/// The firewall in Proxmox's answers: `data` of GET options, rules, aliases, ipset and groups, and
/// of the entries and rules in them by name. Null stands for what the level does not have.
struct LiveFirewall {
  Json options;
  Json rules;
  Json aliases;
  Json ipsets;
  Json groups;
  std::map<std::string, Json> entries;
  std::map<std::string, Json> group_rules;
};
Json firewall_of_live(const FirewallLevel& level, const LiveFirewall& live);

/// True when nothing at all is set.
bool is_bare(const Json& firewall);

/// The rules at `firewall.rules` or at a group's.
std::vector<Json> rules_in(const Json& holder);

/// True when the marker is among the rules.
bool is_marked(const Json& firewall);

/// The firewall as it is compared and shown: options by name with their types, `enable` always;
/// rules, aliases and entries as one text each ("10.0.0.0/24 # office", "!10.0.0.9"); without the
/// marker.
Json attributes_of_firewall(const FirewallLevel& level, const Json& firewall);

}  // namespace aegis::proxmox
