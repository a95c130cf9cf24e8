#pragma once

#include <string>
#include <string_view>

#include "kinds/kind.h"
#include "kinds/proxmox/guest_system.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/live_config.h"
#include "kinds/proxmox/live_view.h"

namespace aegis::proxmox {

/// A note at the place of `path` in the manifest.
Diagnostic note_on(const Resource& resource,
                   Severity severity,
                   std::string_view path,
                   std::string summary,
                   std::string detail);

/// A guest that is just being made or unmade.
Diagnostics notes_on_transition(const Resource& resource,
                                const Json& item,
                                const GuestSystem& system);

/// A lock, and values of keys that no manifest can set and that wait for a restart.
Diagnostics notes_on_state(const Resource& resource,
                           const Json& item,
                           const LiveConfig& config,
                           const GuestSystem& system);

/// An error when its vmid is another guest's: what to do, moving it from another node among that.
/// Empty when the vmid is free.
Diagnostics notes_on_taken_id(const Resource& resource,
                              const HostQueries& queries,
                              const HostView& host,
                              const GuestSystem& system);

/// The storage that `disk`, at `path` of the manifest, wants and the host does not have.
void add_note_on_storage(const Resource& resource,
                         const HostView& host,
                         const std::string& path,
                         const Json& disk,
                         Diagnostics& notes);

/// Bridges that the manifest names and the host does not have, and packets that are longer than
/// those of a bridge that is there and not declared.
void add_notes_on_bridges(const Resource& resource, const HostView& host, Diagnostics& notes);

/// Kind::keeps of a guest: its protection, and that it could not be brought back.
std::string reasons_to_keep(const Observation& live, const GuestSystem& system);

}  // namespace aegis::proxmox
