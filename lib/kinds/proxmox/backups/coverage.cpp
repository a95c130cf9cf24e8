#include "kinds/proxmox/backups/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/backups/backup_view.h"
#include "kinds/proxmox/backups/gaps.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/visibility.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_jobs = "/cluster/backup";

std::vector<const Resource*> guests_in(const Desired& desired, std::string_view scope) {
  std::vector<const Resource*> guests;
  for (const auto& [address, resource] : desired.resources) {
    const bool is_guest = address.kind == "container" || address.kind == "machine";
    if (is_guest && resource.scope == scope) guests.push_back(&resource);
  }
  return guests;
}

// True when the list of the job's field names the guest.
bool names(const Json& job, std::string_view field, std::int64_t vmid) {
  const auto list = split_any(text_or(job, field), ", ;");
  return std::find(list.begin(), list.end(), fmt::format("{}", vmid)) != list.end();
}

bool covers(const Json& job, std::int64_t vmid, const Json& item, std::string_view node) {
  if (!as_bool(get(job, "enabled")).value_or(true)) return false;
  const std::string only = text_or(job, "node");
  if (!only.empty() && only != node) return false;
  const std::string pool = text_or(job, "pool");
  if (!pool.empty()) return text_or(item, "pool") == pool;
  if (as_bool(get(job, "all")).value_or(false)) return !names(job, "exclude", vmid);
  return names(job, "vmid", vmid) || as_integer(get(job, "vmid")) == vmid;
}

std::vector<CoveringJob> jobs_of(const Json& jobs,
                                 std::int64_t vmid,
                                 const Json& item,
                                 std::string_view node) {
  std::vector<CoveringJob> found;
  for (const Json& job : jobs) {
    if (!covers(job, vmid, item, node)) continue;
    found.push_back({text_or(job, "id"), text_or(job, "storage"), text_or(job, "schedule")});
  }
  std::sort(
      found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return found;
}

// One server's answers.
struct ServerReplies {
  HostQueries queries;
  const Replies& replies;
  const Json& permissions;
  const Json& guests;
  const Json& jobs;
  BackupView backups;

  static Result<ServerReplies> read(const Scope& scope, const Replies& replies) {
    const HostQueries queries(scope);
    const auto permissions = data_of(replies, queries.permissions(), "our own permissions");
    if (!permissions) return permissions.error();
    const auto guests = data_of(replies, queries.guests(), "the guests of the cluster");
    if (!guests) return guests.error();
    const auto jobs = data_of(replies, queries.get(k_jobs), "the backup jobs");
    if (!jobs) return jobs.error();
    auto backups = BackupView::read(queries, replies);
    if (!backups) return backups.error();
    return ServerReplies{queries, replies, **permissions, **guests, **jobs, std::move(*backups)};
  }
};

const Json& item_of(const ServerReplies& server, const Resource& guest) {
  static const Json k_none;
  const auto found =
      std::find_if(server.guests.begin(), server.guests.end(), [&](const Json& item) {
        return as_integer(get(item, "vmid")) == vmid_of(guest) &&
               text_or(item, "type") == system_of(guest).api_type &&
               text_or(item, "node") == server.queries.node;
      });
  return found == server.guests.end() ? k_none : *found;
}

void read_present(const ServerReplies& server, const Resource& guest, GuestCoverage& coverage) {
  const GuestSystem& system = system_of(guest);
  const auto pending = data_of(server.replies,
                               server.queries.pending(system, coverage.vmid),
                               fmt::format("the configuration of {}", to_string(guest.address)));
  if (pending) {
    coverage.gaps = gaps_of(parse_pending(**pending).requested, system);
  } else {
    coverage.unread.push_back(pending.error());
  }
  const auto snapshots =
      data_of(server.replies, snapshots_query(server.queries, guest), "snapshots");
  if (snapshots) coverage.snapshots = snapshots_in(**snapshots);
}

GuestCoverage coverage_of_guest(const ServerReplies& server,
                                const Resource& guest,
                                const Backups& backups) {
  GuestCoverage coverage;
  coverage.guest = guest.address;
  coverage.server = guest.scope.substr(guest.scope.find('/') + 1);
  coverage.vmid = vmid_of(guest);
  coverage.rpo = strictest(backups, guest.address, &Backup::rpo);
  coverage.backups = server.backups.of(coverage.vmid, system_of(guest));
  coverage.unread = server.backups.unread(coverage.vmid);
  const Json& item = item_of(server, guest);
  coverage.exists = !item.is_null();
  coverage.jobs = jobs_of(server.jobs, coverage.vmid, item, server.queries.node);
  const std::string path = fmt::format("/vms/{}", coverage.vmid);
  if (coverage.exists) {
    read_present(server, guest, coverage);
  } else if (!may_see(server.permissions, "VM.Audit", path)) {
    coverage.unread.push_back({ErrorCode::forbidden,
                               fmt::format("these credentials cannot see whether it is there: "
                                           "that takes VM.Audit on {}.",
                                           path)});
  }
  return coverage;
}

}  // namespace

Query snapshots_query(const HostQueries& host, const Resource& guest) {
  return {Query::Type::http_get,
          host.endpoint,
          system_of(guest).path(host.node, vmid_of(guest), "/snapshot")};
}

// The state as it is now and the one that a running backup makes are no copies.
std::vector<Copy> snapshots_in(const Json& list) {
  std::vector<Copy> copies;
  for (const Json& item : list) {
    const std::string name = text_or(item, "name");
    if (name == "current" || name == "vzdump") continue;
    Copy copy{.name = name, .time = as_integer(get(item, "snaptime")).value_or(0)};
    if (item.contains("snapstate")) copy.flaw = "it is being made or removed";
    copies.push_back(std::move(copy));
  }
  std::sort(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) {
    return a.time == b.time ? a.name < b.name : a.time > b.time;
  });
  return copies;
}

std::vector<Query> coverage_queries(const Desired& desired, const Replies& replies) {
  std::vector<Query> queries;
  for (const auto& [name, scope] : desired.scopes) {
    const auto guests = guests_in(desired, name);
    if (guests.empty()) continue;
    const HostQueries host(scope);
    queries.push_back(host.guests());
    queries.push_back(host.get(k_jobs));
    for (Query& query : backup_queries(host, replies)) queries.push_back(std::move(query));
    for (const Resource* guest : guests) {
      queries.push_back(host.pending(system_of(*guest), vmid_of(*guest)));
      queries.push_back(snapshots_query(host, *guest));
    }
  }
  return queries;
}

CoverageReport coverage_of(const Desired& desired, const Backups& backups, const Replies& replies) {
  CoverageReport report;
  for (const auto& [name, scope] : desired.scopes) {
    const auto guests = guests_in(desired, name);
    if (guests.empty()) continue;
    const auto server = ServerReplies::read(scope, replies);
    if (!server) {
      report.failures.push_back(server.error().in_context(name));
      continue;
    }
    for (const Resource* guest : guests) {
      report.guests.push_back(coverage_of_guest(*server, *guest, backups));
    }
  }
  std::sort(report.guests.begin(), report.guests.end(), [](const auto& a, const auto& b) {
    return a.guest < b.guest;
  });
  return report;
}

}  // namespace aegis::proxmox
