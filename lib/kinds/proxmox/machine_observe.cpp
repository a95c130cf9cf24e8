#include "kinds/proxmox/machine_observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_notes.h"
#include "kinds/proxmox/machine_shape.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_section = "machines";

std::int64_t vmid_of(const Resource& resource) {
  return as_integer(get(resource.spec, "vmid")).value_or(0);
}

bool is_managed(const Batch& batch) {
  const Json& sections = get(batch.scope.settings, "sections");
  return !batch.resources.empty() ||
         (sections.is_array() &&
          std::find(sections.begin(), sections.end(), k_section) != sections.end());
}

bool is_in_transition(const Json& item) {
  const std::string lock = text_or(item, "lock");
  return lock == "create" || lock == "clone" || lock == "destroyed";
}

bool is_running(const Json& item) {
  return text_or(item, "status") == "running";
}

bool declares_cloudinit(const Resource& resource) {
  return !get(resource.spec, "cloudinit").is_null();
}

Query cloudinit_query(const HostQueries& queries, const Resource& resource) {
  return {Query::Type::http_get,
          queries.endpoint,
          machine_system().path(queries.node, vmid_of(resource), "/cloudinit")};
}

// A start writes the drive anew, so only a running machine can have an old one.
bool is_drive_outdated(const Resource& resource,
                       const HostQueries& queries,
                       const Replies& replies) {
  if (!declares_cloudinit(resource)) return false;
  const auto values = data_of(replies, cloudinit_query(queries, resource), "");
  if (!values || !(*values)->is_array()) return false;
  return std::any_of((*values)->begin(), (*values)->end(), [](const Json& item) {
    return !get(item, "pending").is_null() || !get(item, "delete").is_null();
  });
}

Json attributes_of(const ConfigMap& config, const Json& declared, const Json& item, bool outdated) {
  Json spec = spec_of_machine(config, declared);
  spec["vmid"] = get(item, "vmid");
  spec["state"] = is_running(item) ? "started" : "stopped";
  if (outdated && is_running(item)) spec["cloudinit"]["outdated"] = true;
  return shape_of_machine(spec);
}

Observation observe_present(const Resource& resource,
                            const Json& item,
                            const Json& pending,
                            bool outdated) {
  const LiveConfig config = parse_pending(pending);
  Observation observation;
  observation.exists = true;
  observation.owned = is_ours(config.requested);
  observation.attributes = attributes_of(config.requested, resource.spec, item, outdated);
  Json current;
  const bool waits =
      std::any_of(config.waiting.begin(), config.waiting.end(), is_managed_machine_key);
  if (waits) {
    observation.attributes["restart_required"] = true;
    current = attributes_of(config.current, resource.spec, item, outdated);
  }
  observation.context = make_context(
      vmid_of(resource), is_running(item), config, std::move(current), machine_system());
  const auto hotplug = config.current.find("hotplug");
  if (hotplug != config.current.end()) observation.context["hotplug"] = hotplug->second;
  observation.context["template"] = config.current.contains("template");
  observation.notes = notes_on_state(resource, item, config, machine_system());
  return observation;
}

Error unseen(std::int64_t vmid) {
  return {ErrorCode::forbidden,
          fmt::format("these credentials cannot see whether virtual machine {} is there: they "
                      "lack VM.Audit on /vms/{}. Give the user and, if it is separated, the token "
                      "a role with it; PVEAuditor on / is enough to plan.",
                      vmid,
                      vmid)};
}

Result<Observation> observe(const Resource& resource,
                            const HostQueries& queries,
                            const HostView& host,
                            const Replies& replies) {
  const std::int64_t vmid = vmid_of(resource);
  const Json& item = host.guest(vmid);
  if (item.is_null() && !host.may_see(vmid)) return unseen(vmid);
  Observation observation;
  if (item.is_null()) {
    observation.notes = notes_on_absent_machine(resource, host);
  } else if (is_in_transition(item)) {
    observation.notes = notes_on_transition(resource, item, machine_system());
  } else {
    const auto pending = data_of(replies,
                                 queries.pending(machine_system(), vmid),
                                 fmt::format("the configuration of virtual machine {}", vmid));
    if (!pending) return pending.error();
    observation =
        observe_present(resource, item, **pending, is_drive_outdated(resource, queries, replies));
    add_notes_on_bridges(resource, host, observation.notes);
  }
  observation.address = resource.address;
  observation.scope = resource.scope;
  return observation;
}

// The owned machines of the node that no resource names.
std::vector<std::int64_t> orphans_of(const Batch& batch, const HostView& host) {
  std::set<std::int64_t> named;
  for (const Resource* resource : batch.resources) named.insert(vmid_of(*resource));
  std::vector<std::int64_t> orphans;
  for (const auto& [vmid, item] : host.guests()) {
    const auto tags = tag_set(get(*item, "tags"));
    const bool is_ours = std::find(tags.begin(), tags.end(), k_owner_tag) != tags.end();
    const bool is_going = text_or(*item, "lock") == "destroyed";
    if (!named.contains(vmid) && is_ours && !is_going) orphans.push_back(vmid);
  }
  return orphans;
}

// What the list tells of it, and its configuration where it may be read: its protection counts.
Observation observe_orphan(const Batch& batch,
                           const std::set<std::string>& taken,
                           const Json& item,
                           const Result<const Json*>& pending) {
  const std::int64_t vmid = as_integer(get(item, "vmid")).value_or(0);
  Observation orphan;
  const std::string name = text_or(item, "name");
  const bool usable = !name.empty() && !taken.contains(name);
  orphan.address = {"", "machine", usable ? name : fmt::format("{}", vmid)};
  orphan.scope = batch.scope.name;
  orphan.exists = true;
  orphan.owned = true;
  orphan.attributes = {{"vmid", vmid},
                       {"name", name},
                       {"state", is_running(item) ? "started" : "stopped"},
                       {"tags", tag_set(get(item, "tags"))}};
  const LiveConfig config = pending ? parse_pending(**pending) : LiveConfig();
  orphan.context = make_context(vmid, is_running(item), config, Json(), machine_system());
  return orphan;
}

}  // namespace

std::vector<Query> machine_queries(const Batch& batch, const Replies& replies) {
  if (!is_managed(batch)) return {};
  const HostQueries host(batch.scope);
  std::vector<Query> queries{host.permissions(), host.guests(), host.of_system(machine_system())};
  if (const auto seen = HostView::read(host, replies, machine_system())) {
    for (const std::int64_t vmid : orphans_of(batch, *seen)) {
      queries.push_back(host.pending(machine_system(), vmid));
    }
  }
  if (batch.resources.empty()) return queries;
  queries.push_back(host.storages());
  queries.push_back(host.bridges());
  for (const Resource* resource : batch.resources) {
    queries.push_back(host.pending(machine_system(), vmid_of(*resource)));
    if (declares_cloudinit(*resource)) queries.push_back(cloudinit_query(host, *resource));
  }
  return queries;
}

Result<std::vector<Observation>> interpret_machines(const Batch& batch,
                                                    const Replies& replies,
                                                    Vault&) {
  std::vector<Observation> observations;
  if (!is_managed(batch)) return observations;
  const HostQueries queries(batch.scope);
  const auto host = HostView::read(queries, replies, machine_system());
  if (!host) return host.error();
  std::set<std::string> taken;
  for (const Resource* resource : batch.resources) {
    auto observation = observe(*resource, queries, *host, replies);
    if (!observation) return observation.error();
    observations.push_back(std::move(*observation));
    taken.insert(resource->address.name);
  }
  for (const std::int64_t vmid : orphans_of(batch, *host)) {
    const auto pending =
        data_of(replies, queries.pending(machine_system(), vmid), "its configuration");
    observations.push_back(observe_orphan(batch, taken, host->guest(vmid), pending));
    taken.insert(observations.back().address.name);
  }
  return observations;
}

}  // namespace aegis::proxmox
