#include "kinds/proxmox/container_observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/container_notes.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/live_config.h"
#include "kinds/proxmox/live_view.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

std::int64_t vmid_of(const Resource& resource) {
  return as_integer(get(resource.spec, "vmid")).value_or(0);
}

bool carries_our_tag(const Json& item) {
  const auto tags = tag_set(get(item, "tags"));
  return std::find(tags.begin(), tags.end(), k_owner_tag) != tags.end();
}

// Something that is only half there.
bool is_in_transition(const Json& item) {
  const std::string lock = text_or(item, "lock");
  return lock == "create" || lock == "destroyed";
}

bool is_running(const Json& item) {
  return text_or(item, "status") == "running";
}

Json attributes_of(const ConfigMap& config, const Json& declared, const Json& item) {
  Json spec = spec_of(config, declared);
  spec["vmid"] = get(item, "vmid");
  spec["state"] = is_running(item) ? "started" : "stopped";
  // What a manifest does not say of the root disk is not its business.
  if (!get(declared, "rootfs").is_object() && declared.is_object()) spec.erase("rootfs");
  return shape_of_container(spec);
}

Observation observe_present(const Resource& resource, const Json& item, const Json& pending) {
  const LiveConfig config = parse_pending(pending);
  Observation observation;
  observation.exists = true;
  observation.owned = carries_our_tag(item);
  observation.attributes = attributes_of(config.requested, resource.spec, item);
  Json current;
  const bool waits = std::any_of(config.waiting.begin(), config.waiting.end(), is_managed_key);
  if (waits) {
    observation.attributes["restart_required"] = true;
    current = attributes_of(config.current, resource.spec, item);
  }
  observation.context = make_context(
      vmid_of(resource), is_running(item), config, std::move(current), container_system());
  observation.notes = notes_on_present(resource, item, config);
  return observation;
}

Result<Observation> observe(const Resource& resource,
                            const HostQueries& queries,
                            const HostView& host,
                            const Replies& replies) {
  const std::int64_t vmid = vmid_of(resource);
  const Json& item = host.guest(vmid);
  if (item.is_null() && !host.may_see(vmid)) {
    return Error{
        ErrorCode::forbidden,
        fmt::format(
            "these credentials cannot see whether container {} is there: they lack VM.Audit "
            "on /vms/{}. Give the user and, if it is separated, the token a role with it; "
            "PVEAuditor on / is enough to plan.",
            vmid,
            vmid)};
  }
  Observation observation;
  if (item.is_null()) {
    observation.notes = notes_on_absent(resource, queries, host, replies);
  } else if (is_in_transition(item)) {
    observation.notes = notes_on_transition(resource, item, container_system());
  } else {
    const auto pending = data_of(replies,
                                 queries.pending(container_system(), vmid),
                                 fmt::format("the configuration of container {}", vmid));
    if (!pending) return pending.error();
    observation = observe_present(resource, item, **pending);
    add_notes_on_bridges(resource, host, observation.notes);
  }
  observation.address = resource.address;
  observation.scope = resource.scope;
  return observation;
}

// The owned containers of the node that no resource names.
std::vector<std::int64_t> orphans_of(const Batch& batch, const HostView& host) {
  std::set<std::int64_t> named;
  for (const Resource* resource : batch.resources) named.insert(vmid_of(*resource));
  std::vector<std::int64_t> orphans;
  for (const auto& [vmid, item] : host.guests()) {
    const bool is_going = text_or(*item, "lock") == "destroyed";
    if (!named.contains(vmid) && carries_our_tag(*item) && !is_going) orphans.push_back(vmid);
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
  orphan.address = {"", "container", usable ? name : fmt::format("{}", vmid)};
  orphan.scope = batch.scope.name;
  orphan.exists = true;
  orphan.owned = true;
  orphan.attributes = {{"vmid", vmid},
                       {"hostname", name},
                       {"state", is_running(item) ? "started" : "stopped"},
                       {"tags", tag_set(get(item, "tags"))}};
  const LiveConfig config = pending ? parse_pending(**pending) : LiveConfig();
  orphan.context = make_context(vmid, is_running(item), config, Json(), container_system());
  return orphan;
}

}  // namespace

std::vector<Query> container_queries(const Batch& batch, const Replies& replies) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries{host.permissions(), host.guests(), host.of_system(container_system())};
  if (const auto seen = HostView::read(host, replies, container_system())) {
    for (const std::int64_t vmid : orphans_of(batch, *seen)) {
      queries.push_back(host.pending(container_system(), vmid));
    }
  }
  if (batch.resources.empty()) return queries;
  queries.push_back(host.storages());
  queries.push_back(host.bridges());
  std::set<std::string> template_storages;
  for (const Resource* resource : batch.resources) {
    queries.push_back(host.pending(container_system(), vmid_of(*resource)));
    const std::string image = text_or(resource->spec, "template");
    const std::size_t colon = image.find(':');
    if (colon != std::string::npos) template_storages.insert(image.substr(0, colon));
  }
  for (const std::string& storage : template_storages) queries.push_back(host.templates(storage));
  return queries;
}

Result<std::vector<Observation>> interpret_containers(const Batch& batch,
                                                      const Replies& replies,
                                                      Vault&) {
  const HostQueries queries(batch.scope);
  const auto host = HostView::read(queries, replies, container_system());
  if (!host) return host.error();
  std::vector<Observation> observations;
  observations.reserve(batch.resources.size());
  std::set<std::string> taken;
  for (const Resource* resource : batch.resources) {
    auto observation = observe(*resource, queries, *host, replies);
    if (!observation) return observation.error();
    observations.push_back(std::move(*observation));
    taken.insert(resource->address.name);
  }
  for (const std::int64_t vmid : orphans_of(batch, *host)) {
    const auto pending =
        data_of(replies, queries.pending(container_system(), vmid), "its configuration");
    observations.push_back(observe_orphan(batch, taken, host->guest(vmid), pending));
    taken.insert(observations.back().address.name);
  }
  return observations;
}

}  // namespace aegis::proxmox
