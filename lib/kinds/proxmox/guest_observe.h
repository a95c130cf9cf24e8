#pragma once

#include <string_view>
#include <vector>

#include "kinds/kind.h"
#include "kinds/proxmox/guest_system.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/live_config.h"

namespace aegis::proxmox {

/// Where a guest is read from: one server's replies, and what they tell of the host.
struct GuestReplies {
  const HostQueries& queries;
  const HostView& host;
  const Replies& replies;
};

/// What is particular to one sort of guest in its Kind::queries and Kind::interpret. `item` is the
/// entry of the host's list.
struct GuestReading {
  const GuestSystem& system;
  std::string_view kind;            ///< "container"
  std::string_view name_attribute;  ///< "hostname"
  /// Adds what declared guests need besides their configurations.
  void (*ask_more)(const Batch& batch, const HostQueries& host, std::vector<Query>& queries);
  /// True for a guest that is only half there.
  bool (*is_in_transition)(const Json& item);
  bool (*is_ours)(const Json& item, const ConfigMap& config);
  /// In the shape of `normalize`.
  Json (*attributes)(const ConfigMap& config,
                     const Resource& resource,
                     const Json& item,
                     const GuestReplies& replies);
  /// What would keep it from being made.
  Diagnostics (*notes_on_absent)(const Resource& resource, const GuestReplies& replies);
  Diagnostics (*notes_on_present)(const Resource& resource,
                                  const Json& item,
                                  const LiveConfig& config,
                                  const GuestReplies& replies);
  /// May be null. Adds to the context of one that is there.
  void (*complete)(const LiveConfig& config, Observation& observation) = nullptr;
};

/// Kind::queries: one request a declared guest and a few for the host in one wave; a second wave
/// only for orphans, whose protection counts, and for backups, when guests are guarded by them.
std::vector<Query> guest_queries(const GuestReading& reading,
                                 const Batch& batch,
                                 const Replies& replies);

/// Kind::interpret. A guest in transition is told as absent: the step that makes it waits for that.
Result<std::vector<Observation>> interpret_guests(const GuestReading& reading,
                                                  const Batch& batch,
                                                  const Replies& replies);

/// The guests of the node, by vmid, that no resource of `batch` names.
std::vector<std::int64_t> unnamed_guests(const Batch& batch, const HostView& host);

/// The vmid that a manifest gives; 0 without one.
std::int64_t vmid_of(const Resource& resource);

/// The system that a declared guest is of.
const GuestSystem& system_of(const Resource& guest);

/// "started" or "stopped".
std::string_view state_of(const Json& item);

}  // namespace aegis::proxmox
