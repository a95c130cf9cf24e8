#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis::proxmox {

/// One interface's part of the difference between the staged and the active network file.
struct StanzaChange {
  std::string interface;            ///< empty where the difference does not show its first line
  std::vector<std::string> staged;  ///< lines of the staged file: kept and added ones, trimmed
  bool was_ours = false;            ///< a line with our marker is taken away

  bool operator==(const StanzaChange&) const = default;
};

/// The interfaces that `diff` changes, as Proxmox's `changes` tells them (a unified diff).
std::vector<StanzaChange> changed_stanzas(std::string_view diff);

/// True when nothing in `change` speaks against its being about `interface` (as the API shows it).
bool may_be_about(const StanzaChange& change, const Json& interface);

/// Whose changes wait for a reload.
struct PendingNetwork {
  std::set<std::string> known;    ///< changed interfaces that are in the care of the manifests
  std::set<std::string> gone;     ///< of those, the ones that the staged file no longer has
  std::set<std::string> foreign;  ///< changed ones of others; "?" where only a guess is possible
};

/// Sorts the changes in `answer`, the whole answer to GET /nodes/{node}/network, by their owners.
/// `declared` are the interfaces that the manifests name; what carries our marker is known too.
PendingNetwork pending_network(const Json& answer, const std::set<std::string>& declared);

}  // namespace aegis::proxmox
