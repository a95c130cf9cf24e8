#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "simulator/options.h"

namespace aegis::simulator {

/// Interfaces by name, each with its properties as the API shows them, without those that follow
/// from others ("families", "active").
using Interfaces = std::map<std::string, Json, std::less<>>;

/// The two files of the host's network: what is in force, and what waits for a reload.
struct Network {
  Interfaces active;                         ///< /etc/network/interfaces
  std::optional<Interfaces> staged;          ///< /etc/network/interfaces.new, when it is there
  std::set<std::string, std::less<>> cards;  ///< physical ones: never gone for good

  /// What the lists show: the staged file when there is one.
  [[nodiscard]] const Interfaces& shown() const { return staged ? *staged : active; }

  /// The staged interfaces, to be changed; made of the active ones when there are none.
  Interfaces& edit();

  /// Puts the staged file in force.
  void reload();
};

/// The network of a host with `bridges` and the physical interfaces `cards`.
Network make_network(const std::vector<BridgeOptions>& bridges,
                     const std::vector<std::string>& cards);

/// `interface` as it is read again after it was written to the file: an address without the method
/// "static" is gone, a VLAN-aware bridge has a range of VLANs, comments end with a line end.
Json as_written(std::string_view name, Json interface);

/// The interface as the API shows it; `active` when the kernel has it.
Json shown_interface(const Network& network, const std::string& name);

/// The unified diff of the staged file against the active one; empty when nothing differs.
std::string pending_changes(const Network& network);

Json to_json(const Network& network);
Network network_from_json(const Json& json);

}  // namespace aegis::simulator
