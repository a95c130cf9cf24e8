#include "kinds/proxmox/container_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

Diagnostic note_on(const Resource& resource,
                   Severity severity,
                   std::string_view path,
                   std::string summary,
                   std::string detail) {
  return {severity, std::move(summary), std::move(detail), resource.place_of(path), std::nullopt};
}

void add_note_on_template(const Resource& resource,
                          const HostQueries& queries,
                          const Replies& replies,
                          Diagnostics& notes) {
  const std::string image = text_or(resource.spec, "template");
  const std::string storage = image.substr(0, image.find(':'));
  const auto& needs = resource.depends_on;
  const bool is_declared = std::any_of(
      needs.begin(), needs.end(), [](const Address& need) { return need.kind == "template"; });
  if (storage == image || is_declared) return;
  const auto files = data_of(replies, queries.templates(storage), "");
  if (!files || !(*files)->is_array()) return;
  const bool found = std::any_of((*files)->begin(), (*files)->end(), [&](const Json& file) {
    return text_or(file, "volid") == image;
  });
  if (found) return;
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

void add_note_on_storage(const Resource& resource,
                         const HostView& host,
                         const std::string& path,
                         const Json& disk,
                         Diagnostics& notes) {
  const std::string storage = text_or(disk, "storage");
  if (storage.empty() || host.has_storage(storage).value_or(true)) return;
  notes.push_back(note_on(resource,
                          Severity::warning,
                          path + ".storage",
                          "a storage is not on the host",
                          fmt::format("{} wants a disk on storage {}, which this node does not "
                                      "have or these credentials may not see.",
                                      to_string(resource.address),
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

Diagnostics notes_on_transition(const Resource& resource, const Json& item) {
  const bool made = text_or(item, "lock") == "create";
  return {
      note_on(resource,
              Severity::note,
              "vmid",
              "a container is not complete",
              fmt::format("Proxmox is {} container {} at this moment, or was interrupted in it. "
                          "Applying waits for that to end first.",
                          made ? "making" : "destroying",
                          as_text(get(item, "vmid"))))};
}

Diagnostics notes_on_present(const Resource& resource, const Json& item, const LiveConfig& config) {
  Diagnostics notes;
  const std::string lock = text_or(item, "lock");
  if (!lock.empty()) {
    notes.push_back(note_on(resource,
                            Severity::warning,
                            "vmid",
                            "a container is locked",
                            fmt::format("{} is locked ({}): it cannot be changed until that ends. "
                                        "If nothing of the kind runs, `pct unlock {}` on the host "
                                        "frees it.",
                                        to_string(resource.address),
                                        lock,
                                        as_text(get(item, "vmid")))));
  }
  std::vector<std::string> foreign;
  for (const std::string& key : config.waiting) {
    if (!is_managed_key(key)) foreign.push_back(key);
  }
  if (!foreign.empty()) {
    notes.push_back(note_on(resource,
                            Severity::note,
                            "vmid",
                            "a change by hand waits for a restart",
                            fmt::format("{} of {} waits for the container's next restart.",
                                        list_words(foreign),
                                        to_string(resource.address))));
  }
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

void add_notes_on_bridges(const Resource& resource, const HostView& host, Diagnostics& notes) {
  const Json& network = get(resource.spec, "network");
  if (!network.is_object()) return;
  for (const auto& [name, net] : network.items()) {
    const std::string bridge = text_or(net, "bridge");
    if (bridge.empty() || host.has_bridge(bridge).value_or(true)) continue;
    notes.push_back(
        note_on(resource,
                Severity::warning,
                fmt::format("network.{}.bridge", name),
                "a bridge is not on the host",
                fmt::format("{} is to be plugged into {}, which this node does not have "
                            "or these credentials may not see.",
                            to_string(resource.address),
                            bridge)));
  }
}

}  // namespace aegis::proxmox
