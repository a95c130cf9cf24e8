#include "kinds/proxmox/migration/migration_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/property_string.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

const Json& declared_elsewhere(const Scope& scope, std::string_view kind, std::int64_t vmid) {
  static const Json k_nothing;
  for (const Json& guest : get(scope.settings, "elsewhere")) {
    const bool same = text_or(guest, "kind") == kind && as_integer(get(guest, "vmid")) == vmid;
    if (same) return guest;
  }
  return k_nothing;
}

Query preconditions_query(const HostQueries& host, std::int64_t vmid, const std::string& from) {
  return {Query::Type::http_get,
          host.endpoint,
          machine_system().path(
              from, vmid, fmt::format("/migrate?target={}", percent_encode(host.node)))};
}

/// A disk of the guest as its configuration tells it.
struct LiveDisk {
  std::string key;
  std::string volume;  ///< "local-zfs:subvol-103-disk-0", or a path of the host
  std::int64_t bytes = 0;
  bool is_shared = false;  ///< a path that is the same on every node

  [[nodiscard]] std::string storage() const { return volume.substr(0, volume.find(':')); }
};

std::vector<LiveDisk> disks_of(const ConfigMap& config) {
  std::vector<LiveDisk> disks;
  for (const auto& [key, value] : config) {
    const bool mounts = key == "rootfs" || is_indexed(key, "mp");
    const bool drives = is_disk_key(key) || key == "efidisk0" || key == "tpmstate0";
    if (!mounts && !drives && !is_indexed(key, "unused")) continue;
    const Properties disk = parse_properties(value, "volume");
    const auto volume = disk.find("volume");
    if (volume == disk.end() || volume->second == "none" || volume->second == "cdrom") continue;
    const auto shared = disk.find("shared");
    disks.push_back({key,
                     volume->second,
                     size_of(value).value_or(0),
                     shared != disk.end() && as_bool(shared->second).value_or(false)});
  }
  return disks;
}

// Where the declared disk is to be; empty when the manifest does not say.
std::string wanted_storage(const Resource& resource, const std::string& key) {
  for (const char* group : {"mount_points", "disks"}) {
    std::string storage = text_or(get(get(resource.spec, group), key), "storage");
    if (!storage.empty()) return storage;
  }
  return text_or(get(resource.spec, key), "storage");
}

// Why a migration would be refused, collected for one guest.
class Obstacles {
 public:
  Obstacles(const GuestReading& reading,
            const Resource& resource,
            const LiveConfig& config,
            const GuestReplies& replies,
            std::string from)
      : reading_(reading),
        resource_(resource),
        config_(config),
        replies_(replies),
        from_(std::move(from)) {}

  [[nodiscard]] Json told() {
    std::int64_t bytes = 0;
    for (const LiveDisk& disk : disks_of(config_.requested)) {
      bytes += disk.bytes;
      check_disk(disk);
    }
    check_bridges();
    if (reading_.system.api_type == "qemu") check_preconditions();
    Json storages = Json::object();
    for (const auto& [theirs, ours] : map_) {
      if (theirs != ours) storages[theirs] = ours;
    }
    return {{"from", from_},
            {"to", replies_.queries.node},
            {"bytes", bytes},
            {"storages", std::move(storages)},
            {"blocked", join(reasons_, " ")}};
  }

 private:
  void add(std::string reason) {
    if (std::find(reasons_.begin(), reasons_.end(), reason) == reasons_.end()) {
      reasons_.push_back(std::move(reason));
    }
  }

  void check_disk(const LiveDisk& disk) {
    if (disk.volume.starts_with('/')) {
      if (disk.is_shared) return;
      add(
          fmt::format("{} is {} of node {}, which does not come along: take it out of the manifest "
                      "first, or, when {} has the same, give it `shared: true`.",
                      disk.key,
                      disk.volume,
                      from_,
                      replies_.queries.node));
      return;
    }
    // A CD-ROM's image is no disk of the guest; the host tells what keeps it.
    if (disk.volume.find(":iso/") != std::string::npos) return;
    std::string target = wanted_storage(resource_, disk.key);
    const auto [known, is_new] = map_.try_emplace(disk.storage(), target);
    if (target.empty()) target = is_new ? disk.storage() : known->second;
    if (known->second.empty()) known->second = target;
    if (known->second != target) {
      add(
          fmt::format("Its disks on {} would go to both {} and {}, and Proxmox takes one storage "
                      "for all of them.",
                      disk.storage(),
                      known->second,
                      target));
    }
    check_storage(disk, target);
  }

  void check_storage(const LiveDisk& disk, const std::string& target) {
    const auto has = replies_.host.has_storage(target);
    if (!has) return;
    const Json& storage = replies_.host.storage(target);
    const bool enabled = *has && as_bool(get(storage, "enabled")).value_or(true);
    const std::string_view content = reading_.system.api_type == "qemu" ? "images" : "rootdir";
    const std::vector<std::string> contents = split_any(text_or(storage, "content"), ", ");
    if (!enabled) {
      add(fmt::format("{} is on {}, and {} has no storage {}. Name another in the manifest.",
                      disk.key,
                      disk.storage(),
                      replies_.queries.node,
                      target));
    } else if (std::find(contents.begin(), contents.end(), content) == contents.end()) {
      add(fmt::format("Storage {} of {} does not take `{}`, and {} is to be there.",
                      target,
                      replies_.queries.node,
                      content,
                      disk.key));
    }
  }

  // What is plugged in when it starts there, or runs on.
  void check_bridges() {
    for (const auto& [key, value] : config_.current) {
      if (!is_indexed(key, "net")) continue;
      const Properties net = parse_properties(value, "");
      const auto bridge = net.find("bridge");
      if (bridge == net.end() || replies_.host.has_bridge(bridge->second).value_or(true)) continue;
      add(fmt::format("{} is plugged into {}, which {} does not have.",
                      key,
                      bridge->second,
                      replies_.queries.node));
    }
  }

  void check_preconditions() {
    const auto told = data_of(replies_.replies,
                              preconditions_query(replies_.queries, vmid_of(resource_), from_),
                              "what keeps it from moving");
    if (!told) {
      add(told.error().message);
      return;
    }
    const Json& devices = get(**told, "local_resources");
    if (!devices.empty()) {
      add(fmt::format("It has devices of node {}: {}.",
                      from_,
                      list_words(devices.get<std::vector<std::string>>())));
    }
    for (const Json& disk : get(**told, "local_disks")) {
      if (!as_bool(get(disk, "cdrom")).value_or(false)) continue;
      add(fmt::format("{} is in its drive, and only node {} has it: take it out first.",
                      text_or(disk, "volid"),
                      from_));
    }
    const bool running = as_bool(get(**told, "running")).value_or(false);
    const bool has_snapshots = config_.current.contains("parent");
    if (running && has_snapshots && !get(**told, "local_disks").empty()) {
      add("It has snapshots, with which Proxmox does not move the disks of a running machine. "
          "Remove them, or apply `state: stopped` first.");
    }
  }

  const GuestReading& reading_;
  const Resource& resource_;
  const LiveConfig& config_;
  const GuestReplies& replies_;
  std::string from_;
  std::map<std::string, std::string> map_;  ///< storages there and here
  std::vector<std::string> reasons_;
};

const Json& move_of(const Observation& live) {
  return get(live.context, "move");
}

}  // namespace

std::string node_to_leave(const Resource& resource, const Scope& scope, const HostView& host) {
  const std::int64_t vmid = vmid_of(resource);
  const std::string node = host.other_node(vmid);
  if (node.empty() || !has_owner_tag(get(host.other(vmid), "tags"))) return {};
  const Json& other = declared_elsewhere(scope, resource.address.kind, vmid);
  return text_or(other, "node") == node ? std::string() : node;
}

std::vector<Query> migration_queries(const GuestSystem& system,
                                     const HostQueries& host,
                                     std::int64_t vmid,
                                     const std::string& from) {
  HostQueries there = host;
  there.node = from;
  std::vector<Query> queries{there.pending(system, vmid)};
  if (system.api_type == "qemu") queries.push_back(preconditions_query(host, vmid, from));
  return queries;
}

void add_migration(const GuestReading& reading,
                   const Resource& resource,
                   const LiveConfig& config,
                   const GuestReplies& replies,
                   const std::string& from,
                   Observation& observation) {
  observation.attributes["node"] = from;
  observation.context["move"] = Obstacles(reading, resource, config, replies, from).told();
  if (!replies.host.grants("VM.Migrate", vmid_of(resource))) {
    std::string blocked = text_or(observation.context["move"], "blocked");
    blocked += fmt::format("{}These credentials lack VM.Migrate on /vms/{}.",
                           blocked.empty() ? "" : " ",
                           vmid_of(resource));
    observation.context["move"]["blocked"] = std::move(blocked);
  }
  // Nothing is declared inside a machine.
  if (reading.system.api_type != "lxc") return;
  observation.notes.push_back(note_on(
      resource,
      Severity::note,
      "server",
      "what is inside is read after the move",
      fmt::format("{} lives on node {} and moves to {}. What is declared inside it is shown "
                  "as if it were to be made: apply the move alone with `--target {}`, then "
                  "plan again.",
                  to_string(resource.address),
                  from,
                  replies.queries.node,
                  to_string(resource.address))));
}

void want_on_node(const Observation& live, Json& wanted) {
  const Json& move = move_of(live);
  if (!move.is_null()) wanted["node"] = get(move, "to");
}

bool refine_migration(AttributeChange& attribute, const Observation& live, std::string& blocked) {
  const Json& move = move_of(live);
  if (move.is_null()) return false;
  if (attribute.path == "node") {
    const bool runs = LiveView(live).is_running();
    if (!runs) attribute.disruption = Disruption::none;
    attribute.note =
        runs ? "moved by migration, its disks with it" : "moved by migration while it is stopped";
    if (runs && attribute.disruption >= Disruption::reboot_container) {
      attribute.note += ": it is down until its disks are copied";
    }
    blocked = text_or(move, "blocked");
    return true;
  }
  if (!attribute.path.ends_with(".storage")) return false;
  attribute.forces_replace = false;
  attribute.disruption = Disruption::none;
  attribute.note = "the migration puts it there";
  return true;
}

bool moves_away(const Scope& scope, std::string_view kind, std::int64_t vmid, const Json& nodes) {
  const std::string to = text_or(declared_elsewhere(scope, kind, vmid), "node");
  if (to.empty() || to == text_or(scope.settings, "node")) return false;
  return has_node(nodes, to);
}

bool is_declared_elsewhere(const Scope& scope, std::string_view kind, std::int64_t vmid) {
  return !declared_elsewhere(scope, kind, vmid).is_null();
}

}  // namespace aegis::proxmox
