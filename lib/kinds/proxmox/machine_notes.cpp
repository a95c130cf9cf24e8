#include "kinds/proxmox/machine_notes.h"

#include <fmt/format.h>

#include "kinds/proxmox/guest_notes.h"

namespace aegis::proxmox {
namespace {

void add_note_on_source(const Resource& resource, const HostView& host, Diagnostics& notes) {
  const auto source = as_integer(get(get(resource.spec, "clone"), "vmid"));
  if (!source || !host.guest(*source).is_null()) return;
  notes.push_back(
      note_on(resource,
              Severity::warning,
              "clone.vmid",
              "what is to be cloned is not there",
              fmt::format("{} is to be a clone of the virtual machine {}, which this node does not "
                          "have or these credentials may not see.",
                          to_string(resource.address),
                          *source)));
}

}  // namespace

Diagnostics notes_on_absent_machine(const Resource& resource,
                                    const HostQueries& queries,
                                    const HostView& host) {
  Diagnostics taken = notes_on_taken_id(resource, queries, host, machine_system());
  if (!taken.empty()) return taken;
  Diagnostics notes;
  add_note_on_source(resource, host, notes);
  const Json& disks = get(resource.spec, "disks");
  if (disks.is_object()) {
    for (const auto& [key, disk] : disks.items()) {
      add_note_on_storage(resource, host, "disks." + key, disk, notes);
    }
  }
  for (const std::string key : {"efidisk0", "tpmstate0", "cloudinit"}) {
    add_note_on_storage(resource, host, key, get(resource.spec, key), notes);
  }
  add_notes_on_bridges(resource, host, notes);
  return notes;
}

}  // namespace aegis::proxmox
