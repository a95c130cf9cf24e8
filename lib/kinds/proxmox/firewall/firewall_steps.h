#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/firewall/level.h"

namespace aegis::proxmox {

/// Collects the steps of one level's change, each after the one before: they work on one file.
class FirewallSteps {
 public:
  FirewallSteps(const Lowering& lowering, const FirewallLevel& level);

  /// Makes `wanted` of the rules at `list` ("rules", "groups/web") by as few calls as possible.
  void edit_rules(const std::string& list,
                  const std::vector<Json>& live,
                  const std::vector<Json>& wanted);

  /// Sets options and takes others away; nothing when both are empty.
  void set_options(const Json& set, const std::vector<std::string>& remove);

  /// Makes or changes an alias, a set, a group or an entry of a set, or takes it away. `what` is
  /// "alias", "ipset", "group" or "entry"; of an entry `set` is the set's name. `exists` says
  /// whether it was there when it was looked at.
  void put(std::string_view what,
           const std::string& name,
           const Json& item,
           bool exists,
           const std::string& set = {});
  void remove(std::string_view what, const std::string& name, const std::string& set = {});

  std::vector<Step> take() { return std::move(steps_); }

 private:
  void add(std::string_view operation, std::string title, Json input);

  const Lowering& lowering_;
  const FirewallLevel& level_;
  std::vector<Step> steps_;
};

}  // namespace aegis::proxmox
