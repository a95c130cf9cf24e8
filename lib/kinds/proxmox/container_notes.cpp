#include "kinds/proxmox/container_notes.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/container_clone.h"
#include "kinds/proxmox/content/template_file.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

// The storage of a file ("local" of "local:iso/a.iso"); empty when there is none in the text.
std::string storage_in(const std::string& file) {
  const std::size_t colon = file.find(':');
  return colon == std::string::npos ? std::string() : file.substr(0, colon);
}

// True when the list of what is on the file's storage could be read, and the file is not in it.
bool is_known_to_miss(const GuestReplies& replies,
                      const std::string& file,
                      std::string_view content) {
  const std::string storage = storage_in(file);
  if (storage.empty()) return false;
  const auto files = data_of(replies.replies, replies.queries.files(storage, content), "");
  return files && (*files)->is_array() && !lists(**files, file);
}

void add_note_on_template(const Resource& resource,
                          const GuestReplies& replies,
                          Diagnostics& notes) {
  const std::string image = text_or(resource.spec, "template");
  if (resource.needs_kind("template") || !is_known_to_miss(replies, image, "vztmpl")) return;
  notes.push_back(note_on(
      resource,
      Severity::warning,
      "template",
      "a template is not on the host",
      fmt::format("{0} is to be made from {1}, which storage {2} does not list. Download it on the "
                  "host with `pveam download {2} NAME`, or name another; else making the container "
                  "fails.",
                  to_string(resource.address),
                  image,
                  storage_in(image))));
}

// The list of snippets is only whole for who may allocate on the storage.
void add_note_on_hookscript(const Resource& resource,
                            const GuestReplies& replies,
                            Diagnostics& notes) {
  const std::string script = text_or(resource.spec, "hookscript");
  if (!is_known_to_miss(replies, script, "snippets")) return;
  notes.push_back(note_on(
      resource,
      Severity::warning,
      "hookscript",
      "a hook script is not on the host",
      fmt::format("{} is to run {}, which storage {} does not list, or these credentials may not "
                  "see. Proxmox refuses a script that is not there.",
                  to_string(resource.address),
                  script,
                  storage_in(script))));
}

}  // namespace

void ask_for_files(const Batch& batch, const HostQueries& host, std::vector<Query>& queries) {
  std::set<Query> wanted;
  for (const Resource* resource : batch.resources) {
    for (const auto& [attribute, content] :
         {std::pair{"template", "vztmpl"}, std::pair{"hookscript", "snippets"}}) {
      const std::string storage = storage_in(text_or(resource->spec, attribute));
      if (!storage.empty()) wanted.insert(host.files(storage, content));
    }
  }
  queries.insert(queries.end(), wanted.begin(), wanted.end());
}

Diagnostics notes_on_absent(const Resource& resource, const GuestReplies& replies) {
  const HostView& host = replies.host;
  Diagnostics taken = notes_on_taken_id(resource, replies.queries, host, container_system());
  if (!taken.empty()) return taken;
  const bool copies = is_clone(resource.spec);
  if (text_or(resource.spec, "template").empty() && !copies) {
    return {
        note_on(resource,
                Severity::error,
                "template",
                "a template is missing",
                fmt::format("{} is not there, and making it needs `template:`, the volume id of "
                            "a container template such as "
                            "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst, or `clone:`, a "
                            "container to copy.",
                            to_string(resource.address)))};
  }
  Diagnostics notes = copies ? notes_on_original(resource, replies) : Diagnostics();
  add_note_on_template(resource, replies, notes);
  add_note_on_hookscript(resource, replies, notes);
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

Diagnostics notes_on_present(const Resource& resource,
                             const Json& item,
                             const LiveConfig& config,
                             const GuestReplies& replies) {
  Diagnostics notes = notes_on_state(resource, item, config, container_system());
  add_note_on_hookscript(resource, replies, notes);
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
