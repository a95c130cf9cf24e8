#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "simulator/answer.h"
#include "simulator/container.h"
#include "simulator/schema.h"

namespace aegis::simulator {

/// One rule: "type", "action", "enable" and what else is set, by Proxmox's names.
using FirewallRule = ConfigMap;
using FirewallRules = std::vector<FirewallRule>;

struct FirewallAlias {
  std::string name;  ///< as it was last written
  std::string cidr;
  std::string comment;
};

struct IpSetEntry {
  std::string cidr;  ///< without host bits, /32 and /128; or an alias
  bool nomatch = false;
  std::string comment;
};

struct IpSet {
  std::string comment;
  std::vector<IpSetEntry> entries;
};

struct SecurityGroup {
  std::string comment;
  FirewallRules rules;
};

/// One firewall file: the cluster's, a node's or a guest's. Only the cluster's has groups.
struct Firewall {
  ConfigMap options;
  FirewallRules rules;
  std::map<std::string, FirewallAlias, std::less<>> aliases;  ///< by name in lower case
  std::map<std::string, IpSet, std::less<>> ipsets;
  std::map<std::string, SecurityGroup, std::less<>> groups;
};

/// All firewall files of the host.
struct Firewalls {
  Firewall cluster;
  Firewall node;
  std::map<int, Firewall> guests;
};

/// SHA-1 over the members of a list, or of one object: what Proxmox calls its digest.
std::string digest_of(const std::vector<ConfigMap>& list);

/// `list` as GET answers it: numbers as numbers, and the list's digest in every member.
Json list_json(const std::vector<ConfigMap>& list);

/// `list` as `list_json` has it, with each rule's position and IP version.
Json rules_json(const FirewallRules& rules);

/// The members of GET aliases, ipset, ipset/{name} and groups, as `list_json` takes them.
std::vector<ConfigMap> alias_list(const Firewall& firewall);
std::vector<ConfigMap> ipset_list(const Firewall& firewall);
std::vector<ConfigMap> entry_list(const IpSet& set);
std::vector<ConfigMap> group_list(const Firewall& firewall);

/// 500 unless `wanted` is empty or `digest`.
Refusal check_firewall_digest(const std::string& wanted, const std::string& digest);

Json to_json(const Firewalls& firewalls);
Firewalls firewalls_from_json(const Json& json);

}  // namespace aegis::simulator
