#include "kinds/proxmox/guest_room.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/guest_notes.h"

namespace aegis::proxmox {
namespace {

std::int64_t bytes_in(const Json& size) {
  return parse_size(as_text(size)).value_or(0);
}

// Sizes that people can read: whole mebibytes.
std::string rounded(std::int64_t bytes) {
  constexpr std::int64_t k_mebibyte = std::int64_t{1} << 20;
  constexpr std::int64_t k_gibibyte = 1024 * k_mebibyte;
  if (bytes < k_gibibyte) return fmt::format("{}MiB", bytes / k_mebibyte);
  const auto gibibytes = static_cast<double>(bytes) / static_cast<double>(k_gibibyte);
  const std::string text = fmt::format("{:.1f}", gibibytes);
  return (text.ends_with(".0") ? text.substr(0, text.size() - 2) : text) + "GiB";
}

struct Memory {
  std::int64_t bytes = 0;
  int guests = 0;

  void add(std::int64_t more) {
    bytes += more;
    ++guests;
  }
};

// Of those that the manifests want to run on this server.
Memory declared_memory(const Scope& scope) {
  Memory memory;
  for (const Json& guest : get(scope.settings, "guests")) {
    if (get(guest, "runs") == true) memory.add(as_integer(get(guest, "memory")).value_or(0));
  }
  return memory;
}

// Of those that run on the node and that no manifest has.
Memory other_memory(const Scope& scope, const std::string& node, const Json& cluster) {
  std::set<std::int64_t> declared;
  for (const Json& guest : get(scope.settings, "guests")) {
    declared.insert(as_integer(get(guest, "vmid")).value_or(0));
  }
  Memory memory;
  for (const Json& item : cluster) {
    const auto vmid = as_integer(get(item, "vmid"));
    const bool runs = text_or(item, "node") == node && text_or(item, "status") == "running";
    if (!vmid || !runs || declared.contains(*vmid)) continue;
    memory.add(as_integer(get(item, "maxmem")).value_or(0));
  }
  return memory;
}

// One of the two batches of a server speaks for both.
bool speaks_for_server(const Scope& scope, std::string_view kind) {
  const Json& guests = get(scope.settings, "guests");
  return !guests.empty() && text_or(guests.front(), "kind") == kind;
}

void add_note_on_memory(const Batch& batch,
                        const GuestReading& reading,
                        const GuestReplies& replies,
                        std::vector<Observation>& observations) {
  if (batch.resources.empty() || !speaks_for_server(batch.scope, reading.kind)) return;
  const auto status = data_of(replies.replies, replies.queries.status(), "");
  const auto cluster = data_of(replies.replies, replies.queries.guests(), "");
  if (!status || !cluster) return;
  const std::int64_t total = as_integer(get(get(**status, "memory"), "total")).value_or(0);
  const Memory declared = declared_memory(batch.scope);
  const Memory others = other_memory(batch.scope, replies.queries.node, **cluster);
  if (total == 0 || declared.bytes + others.bytes <= total) return;
  const std::string beside =
      others.guests == 0
          ? std::string()
          : fmt::format(", {} of it in {} that no manifest has",
                        rounded(others.bytes),
                        others.guests == 1 ? std::string("a guest")
                                           : fmt::format("{} guests", others.guests));
  observations.front().notes.push_back(note_on(
      *batch.resources.front(),
      Severity::warning,
      "memory",
      "the guests may use more memory than there is",
      fmt::format("{} has {} of memory, and the guests that are to run on it may use {}{}. When "
                  "they do, processes in them are ended.",
                  batch.scope.name,
                  rounded(total),
                  rounded(declared.bytes + others.bytes),
                  beside)));
}

/// Space that a declared disk takes beyond what it has.
struct Need {
  std::string path;  ///< "mount_points.mp0"
  std::string storage;
  std::int64_t bytes = 0;
};

Need need_of(std::string path, const Json& wanted, const Json& live) {
  Need need{std::move(path), text_or(wanted, "storage"), bytes_in(get(wanted, "size"))};
  const bool is_there = live.is_object() && text_or(live, "storage") == need.storage;
  // A live disk without a known size is not compared either.
  if (is_there) {
    const Json& size = get(live, "size");
    need.bytes = size.is_null() ? 0 : std::max<std::int64_t>(0, need.bytes - bytes_in(size));
  }
  return need;
}

std::vector<Need> needs_of(const Resource& resource, const Observation& live) {
  // Nothing of a guest that moves here is on this node yet.
  const Json nothing;
  const Json& present = live.attributes.contains("node") ? nothing : live.attributes;
  std::vector<Need> needs{need_of("rootfs", get(resource.spec, "rootfs"), get(present, "rootfs"))};
  for (const std::string group : {"mount_points", "disks"}) {
    const Json& disks = get(resource.spec, group);
    if (!disks.is_object()) continue;
    for (const auto& [key, disk] : disks.items()) {
      needs.push_back(
          need_of(fmt::format("{}.{}", group, key), disk, get(get(present, group), key)));
    }
  }
  std::erase_if(needs, [](const Need& need) { return need.storage.empty() || need.bytes == 0; });
  return needs;
}

// Whether a volume of its size is taken from what is free when it is made. All others grow with
// what is written: files on a directory are sparse too.
bool allocates_at_once(const Json& storage) {
  return text_or(storage, "type") == "lvm";
}

void add_note_on_space(const Resource& resource,
                       const Need& need,
                       std::int64_t together,
                       const Json& storage,
                       Observation& observation) {
  const bool thick = allocates_at_once(storage);
  const std::int64_t free = as_integer(get(storage, "avail")).value_or(0);
  observation.notes.push_back(note_on(
      resource,
      thick ? Severity::error : Severity::warning,
      need.path + ".size",
      "a storage has too little space",
      fmt::format("{} wants {} more on {}{}, where {} are free. {}",
                  to_string(resource.address),
                  rounded(need.bytes),
                  need.storage,
                  together == need.bytes
                      ? std::string()
                      : fmt::format(", together with others {}", rounded(together)),
                  rounded(free),
                  thick ? "The volume takes all of it at once, so it cannot be made."
                        : "The volume takes it as it is written to: the storage can run full, and "
                          "all that is on it would stop.")));
}

void add_notes_on_space(const Batch& batch,
                        const HostView& host,
                        std::vector<Observation>& observations) {
  std::map<std::string, std::int64_t> taken;
  std::set<std::string> told;
  for (std::size_t i = 0; i < batch.resources.size(); ++i) {
    for (const Need& need : needs_of(*batch.resources[i], observations[i])) {
      const Json& storage = host.storage(need.storage);
      const auto free = as_integer(get(storage, "avail"));
      const std::int64_t together = taken[need.storage] += need.bytes;
      if (!free || together <= *free || !told.insert(need.storage).second) continue;
      add_note_on_space(*batch.resources[i], need, together, storage, observations[i]);
    }
  }
}

}  // namespace

void add_notes_on_room(const Batch& batch,
                       const GuestReading& reading,
                       const GuestReplies& replies,
                       std::vector<Observation>& observations) {
  add_note_on_memory(batch, reading, replies, observations);
  add_notes_on_space(batch, replies.host, observations);
}

}  // namespace aegis::proxmox
