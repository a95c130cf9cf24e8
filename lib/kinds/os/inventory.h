#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/address.h"

namespace aegis::os {

/// What of an operating system is ours. Files, users and packages can carry no marker, so it is
/// written down there, in a file that only root reads. Whoever loses it loses pruning, no data.
struct Inventory {
  struct Entry {
    bool secret = false;  ///< what is in it must not be shown, whatever the manifests say by now
    /// What the removal of a file brings about, when nobody says so any more: "reload:ssh.service",
    /// "confirm" (kinds/os/effects.h).
    std::vector<std::string> effects = {};
  };
  std::map<std::string, Entry> entries;  ///< by "kind/name"

  [[nodiscard]] const Entry* find(const Address& address) const;
  /// The names of all that is ours of that kind.
  [[nodiscard]] std::vector<std::string> names_of(std::string_view kind) const;
};

/// The inventory in the text of its file; an empty text is an empty one. A `rejected` error that
/// says what to do when it is not one that we wrote.
Result<Inventory> parse_inventory(std::string_view text);

/// Words for the script that keeps the inventory: the key of an address, as JSON, and what is
/// written behind it.
std::string inventory_key(const Address& address);
std::string inventory_value(const Inventory::Entry& entry);

}  // namespace aegis::os
