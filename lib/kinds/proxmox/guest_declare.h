#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/guest_system.h"
#include "kinds/proxmox/live_config.h"

namespace aegis::proxmox {

/// What is particular to one sort of guest in its Kind::survey and Kind::declare.
struct GuestDeclaring {
  const GuestSystem& system;
  std::string_view kind;    ///< "container"
  std::string_view prefix;  ///< "ct" of "ct103": of those whose host name cannot be an address
  /// Keys that no manifest can set and that are not told either: bookkeeping, and what the guest
  /// was made with.
  std::span<const std::string_view> not_told;
  /// In the form of a manifest, by the whole configuration; `raw` is the answer of GET config.
  Json (*spec)(const ConfigMap& config, const Json& raw);
};

/// Kind::survey: every guest of the node, with its configuration.
std::vector<Query> survey_guests(const GuestDeclaring& guests,
                                 const Batch& batch,
                                 const Replies& replies);

/// Kind::declare: the guests that no resource names by its vmid, named after their host names. What
/// waits for a restart counts as it will be. A MAC address is left to the guest.
Result<std::vector<Declaration>> declare_guests(const GuestDeclaring& guests,
                                                const Batch& batch,
                                                const Replies& replies);

}  // namespace aegis::proxmox
