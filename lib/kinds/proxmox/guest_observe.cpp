#include "kinds/proxmox/guest_observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "kinds/proxmox/backups/backup_view.h"
#include "kinds/proxmox/backups/guard.h"
#include "kinds/proxmox/guest_clashes.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/guest_room.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/migration/migration_view.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

bool is_running(const Json& item) {
  return text_or(item, "status") == "running";
}

Observation observe_present(const GuestReading& reading,
                            const Resource& resource,
                            const Json& item,
                            const Json& pending,
                            const GuestReplies& replies) {
  const LiveConfig config = parse_pending(pending);
  Observation observation;
  observation.exists = true;
  observation.owned = reading.is_ours(item, config.requested);
  observation.attributes = reading.attributes(config.requested, resource, item, replies);
  Json current;
  const bool waits =
      std::any_of(config.waiting.begin(), config.waiting.end(), reading.system.is_managed_key);
  if (waits) {
    observation.attributes["restart_required"] = true;
    current = reading.attributes(config.current, resource, item, replies);
  }
  observation.context =
      make_context(vmid_of(resource), is_running(item), config, std::move(current), reading.system);
  if (reading.complete != nullptr) reading.complete(config, observation);
  observation.notes = reading.notes_on_present(resource, item, config, replies);
  return observation;
}

Error unseen(const GuestReading& reading, std::int64_t vmid) {
  return {ErrorCode::forbidden,
          fmt::format("these credentials cannot see whether {0} {1} is there: they lack VM.Audit "
                      "on /vms/{1}. Give the user and, if it is separated, the token a role with "
                      "it; PVEAuditor on / is enough to plan.",
                      reading.system.noun,
                      vmid)};
}

// A guest of ours that lives on another node of the cluster: it is to be moved here.
Result<Observation> observe_away(const GuestReading& reading,
                                 const Resource& resource,
                                 const GuestReplies& replies,
                                 const std::string& node) {
  HostQueries there = replies.queries;
  there.node = node;
  const std::int64_t vmid = vmid_of(resource);
  const auto pending =
      data_of(replies.replies,
              there.pending(reading.system, vmid),
              fmt::format("the configuration of {} {} on {}", reading.system.noun, vmid, node));
  if (!pending) return pending.error();
  Observation observation =
      observe_present(reading, resource, replies.host.other(vmid), **pending, replies);
  add_migration(reading, resource, parse_pending(**pending), replies, node, observation);
  return observation;
}

Result<Observation> observe(const GuestReading& reading,
                            const Resource& resource,
                            const Scope& scope,
                            const GuestReplies& replies) {
  const std::int64_t vmid = vmid_of(resource);
  const Json& item = replies.host.guest(vmid);
  if (item.is_null() && !replies.host.may_see(vmid)) return unseen(reading, vmid);
  const std::string away =
      item.is_null() ? node_to_leave(resource, scope, replies.host) : std::string();
  Observation observation;
  if (!away.empty()) {
    auto there = observe_away(reading, resource, replies, away);
    if (!there) return there.error();
    observation = *std::move(there);
  } else if (item.is_null()) {
    observation.notes = reading.notes_on_absent(resource, replies);
  } else if (reading.is_in_transition(item)) {
    observation.notes = notes_on_transition(resource, item, reading.system);
  } else {
    const auto pending =
        data_of(replies.replies,
                replies.queries.pending(reading.system, vmid),
                fmt::format("the configuration of {} {}", reading.system.noun, vmid));
    if (!pending) return pending.error();
    observation = observe_present(reading, resource, item, **pending, replies);
    add_notes_on_bridges(resource, replies.host, observation.notes);
  }
  observation.address = resource.address;
  observation.scope = resource.scope;
  return observation;
}

// The owned guests of the node that no resource names, and that no other server of the cluster is
// to have.
std::vector<std::int64_t> orphans_of(const GuestReading& reading,
                                     const Batch& batch,
                                     const HostQueries& queries,
                                     const Replies& replies,
                                     const HostView& host) {
  std::vector<std::int64_t> orphans = unnamed_guests(batch, host);
  const auto nodes = data_of(replies, queries.nodes(), "the nodes of the cluster");
  std::erase_if(orphans, [&](std::int64_t vmid) {
    const Json& item = host.guest(vmid);
    const bool is_ours = has_owner_tag(get(item, "tags")) && text_or(item, "lock") != "destroyed";
    return !is_ours || moves_away(batch.scope, reading.kind, vmid, nodes ? **nodes : Json());
  });
  return orphans;
}

// What is only known to be needed once the lists are there: orphans, and guests that move.
void ask_about_others(const GuestReading& reading,
                      const Batch& batch,
                      const HostQueries& host,
                      const Replies& replies,
                      std::vector<Query>& queries) {
  const auto seen = HostView::read(host, replies, reading.system);
  if (!seen) return;
  for (const std::int64_t vmid : orphans_of(reading, batch, host, replies, *seen)) {
    queries.push_back(host.pending(reading.system, vmid));
    if (is_declared_elsewhere(batch.scope, reading.kind, vmid)) {
      queries.push_back(host.nodes());
    }
  }
  for (const Resource* resource : batch.resources) {
    const std::string from = node_to_leave(*resource, batch.scope, *seen);
    if (from.empty()) continue;
    for (Query& query : migration_queries(reading.system, host, vmid_of(*resource), from)) {
      queries.push_back(std::move(query));
    }
  }
}

// What the list tells of it, and its configuration where it may be read: its protection counts.
Observation observe_orphan(const GuestReading& reading,
                           const Batch& batch,
                           const std::set<std::string>& taken,
                           const Json& item,
                           const Result<const Json*>& pending) {
  const std::int64_t vmid = as_integer(get(item, "vmid")).value_or(0);
  Observation orphan;
  const std::string name = text_or(item, "name");
  const bool usable = !name.empty() && !taken.contains(name);
  orphan.address = {"", std::string(reading.kind), usable ? name : fmt::format("{}", vmid)};
  orphan.scope = batch.scope.name;
  orphan.exists = true;
  orphan.owned = true;
  orphan.attributes = {{"vmid", vmid},
                       {std::string(reading.name_attribute), name},
                       {"state", state_of(item)},
                       {"tags", tag_set(get(item, "tags"))}};
  const LiveConfig config = pending ? parse_pending(**pending) : LiveConfig();
  orphan.context = make_context(vmid, is_running(item), config, Json(), reading.system);
  return orphan;
}

void guard(const GuestReading& reading,
           const Batch& batch,
           const GuestReplies& all,
           std::int64_t vmid,
           Observation& observation) {
  if (!is_guarded(batch.scope)) return;
  const auto pending =
      data_of(all.replies, all.queries.pending(reading.system, vmid), "its configuration");
  const LiveConfig config = pending ? parse_pending(**pending) : LiveConfig();
  add_guard(batch.scope, all.replies, reading.system, config.requested, observation);
}

}  // namespace

std::vector<Query> guest_queries(const GuestReading& reading,
                                 const Batch& batch,
                                 const Replies& replies) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries{host.permissions(), host.guests(), host.of_system(reading.system)};
  ask_about_others(reading, batch, host, replies, queries);
  if (is_guarded(batch.scope)) {
    for (Query& query : backup_queries(host, replies)) queries.push_back(std::move(query));
  }
  if (batch.resources.empty()) return queries;
  queries.push_back(host.storages());
  queries.push_back(host.bridges());
  queries.push_back(host.status());
  for (const Resource* resource : batch.resources) {
    queries.push_back(host.pending(reading.system, vmid_of(*resource)));
  }
  reading.ask_more(batch, host, queries);
  return queries;
}

Result<std::vector<Observation>> interpret_guests(const GuestReading& reading,
                                                  const Batch& batch,
                                                  const Replies& replies) {
  const HostQueries queries(batch.scope);
  const auto host = HostView::read(queries, replies, reading.system);
  if (!host) return host.error();
  const GuestReplies all{queries, *host, replies};
  std::vector<Observation> observations;
  observations.reserve(batch.resources.size());
  std::set<std::string> taken;
  for (const Resource* resource : batch.resources) {
    auto observation = observe(reading, *resource, batch.scope, all);
    if (!observation) return observation.error();
    guard(reading, batch, all, vmid_of(*resource), *observation);
    observations.push_back(std::move(*observation));
    taken.insert(resource->address.name);
  }
  for (const std::int64_t vmid : orphans_of(reading, batch, queries, replies, *host)) {
    const auto pending =
        data_of(replies, queries.pending(reading.system, vmid), "its configuration");
    observations.push_back(observe_orphan(reading, batch, taken, host->guest(vmid), pending));
    guard(reading, batch, all, vmid, observations.back());
    taken.insert(observations.back().address.name);
  }
  add_notes_on_room(batch, reading, all, observations);
  add_notes_on_clashes(batch, observations);
  return observations;
}

std::vector<std::int64_t> unnamed_guests(const Batch& batch, const HostView& host) {
  std::set<std::int64_t> named;
  for (const Resource* resource : batch.resources) named.insert(vmid_of(*resource));
  std::vector<std::int64_t> vmids;
  for (const auto& [vmid, item] : host.guests()) {
    if (!named.contains(vmid)) vmids.push_back(vmid);
  }
  return vmids;
}

std::int64_t vmid_of(const Resource& resource) {
  return as_integer(get(resource.spec, "vmid")).value_or(0);
}

const GuestSystem& system_of(const Resource& guest) {
  return guest.address.kind == "container" ? container_system() : machine_system();
}

std::string_view state_of(const Json& item) {
  return is_running(item) ? "started" : "stopped";
}

}  // namespace aegis::proxmox
