#include "kinds/proxmox/container_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/content/template_file.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

void add_note_on_template(const Resource& resource,
                          const HostQueries& queries,
                          const Replies& replies,
                          Diagnostics& notes) {
  const std::string image = text_or(resource.spec, "template");
  const std::string storage = image.substr(0, image.find(':'));
  if (storage == image || resource.needs_kind("template")) return;
  const auto files = data_of(replies, queries.files(storage, "vztmpl"), "");
  if (!files || !(*files)->is_array() || lists(**files, image)) return;
  notes.push_back(note_on(
      resource,
      Severity::warning,
      "template",
      "a template is not on the host",
      fmt::format("{} is to be made from {}, which storage {} does not list. Download it on the "
                  "host with `pveam download {} NAME`, or name another; else making the container "
                  "fails.",
                  to_string(resource.address),
                  image,
                  storage,
                  storage)));
}

}  // namespace

Diagnostics notes_on_absent(const Resource& resource,
                            const HostQueries& queries,
                            const HostView& host,
                            const Replies& replies) {
  const std::int64_t vmid = as_integer(get(resource.spec, "vmid")).value_or(0);
  const std::string other = host.other_guest(vmid);
  if (!other.empty()) {
    return {note_on(resource,
                    Severity::error,
                    "vmid",
                    "the vmid belongs to another guest",
                    fmt::format("{} cannot be made: its vmid is that of {}. Give it a free one, or "
                                "name the server that the container lives on.",
                                to_string(resource.address),
                                other))};
  }
  if (text_or(resource.spec, "template").empty()) {
    return {
        note_on(resource,
                Severity::error,
                "template",
                "a template is missing",
                fmt::format("{} is not there, and making it needs `template:`, the volume id of "
                            "a container template such as "
                            "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst.",
                            to_string(resource.address)))};
  }
  Diagnostics notes;
  add_note_on_template(resource, queries, replies, notes);
  add_note_on_storage(resource, host, "rootfs", get(resource.spec, "rootfs"), notes);
  const Json& disks = get(resource.spec, "mount_points");
  if (disks.is_object()) {
    for (const auto& [key, disk] : disks.items()) {
      add_note_on_storage(resource, host, "mount_points." + key, disk, notes);
    }
  }
  add_notes_on_bridges(resource, host, notes);
  return notes;
}

Diagnostics notes_on_present(const Resource& resource, const Json& item, const LiveConfig& config) {
  Diagnostics notes = notes_on_state(resource, item, config, container_system());
  for (const auto& [key, value] : config.requested) {
    if (key != "rootfs" && !is_indexed(key, "mp")) continue;
    const Properties disk = parse_properties(value, "volume");
    const auto volume = disk.find("volume");
    const bool bind = volume != disk.end() && volume->second.starts_with('/');
    if (bind || disk.contains("size")) continue;
    notes.push_back(note_on(resource,
                            Severity::note,
                            key == "rootfs" ? "rootfs" : "mount_points." + key,
                            "a disk's size is not known",
                            fmt::format("Proxmox does not tell the size of {} of {}, so it is not "
                                        "compared. `pct rescan` on the host puts it in.",
                                        key,
                                        to_string(resource.address))));
  }
  return notes;
}

}  // namespace aegis::proxmox
