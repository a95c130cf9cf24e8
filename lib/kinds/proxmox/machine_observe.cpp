#include "kinds/proxmox/machine_observe.h"

#include <algorithm>

#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_notes.h"
#include "kinds/proxmox/machine_shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_section = "machines";

bool is_in_transition(const Json& item) {
  const std::string lock = text_or(item, "lock");
  return lock == "create" || lock == "clone" || lock == "destroyed";
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

void ask_for_drives(const Batch& batch, const HostQueries& host, std::vector<Query>& queries) {
  for (const Resource* resource : batch.resources) {
    if (declares_cloudinit(*resource)) queries.push_back(cloudinit_query(host, *resource));
  }
}

bool is_our_machine(const Json& /*item*/, const ConfigMap& config) {
  return is_ours(config);
}

Json attributes_of(const ConfigMap& config,
                   const Resource& resource,
                   const Json& item,
                   const GuestReplies& replies) {
  Json spec = spec_of_machine(config, resource.spec);
  spec["vmid"] = get(item, "vmid");
  spec["state"] = state_of(item);
  const bool outdated =
      state_of(item) == "started" && is_drive_outdated(resource, replies.queries, replies.replies);
  if (outdated) spec["cloudinit"]["outdated"] = true;
  return shape_of_machine(spec);
}

Diagnostics notes_on_absent(const Resource& resource, const GuestReplies& replies) {
  return notes_on_absent_machine(resource, replies.queries, replies.host);
}

Diagnostics notes_on_present(const Resource& resource,
                             const Json& item,
                             const LiveConfig& config,
                             const GuestReplies& /*replies*/) {
  return notes_on_state(resource, item, config, machine_system());
}

void complete(const LiveConfig& config, Observation& observation) {
  const auto hotplug = config.current.find("hotplug");
  if (hotplug != config.current.end()) observation.context["hotplug"] = hotplug->second;
  observation.context["template"] = config.current.contains("template");
}

const GuestReading& reading() {
  static const GuestReading k_reading{.system = machine_system(),
                                      .kind = "machine",
                                      .name_attribute = "name",
                                      .ask_more = ask_for_drives,
                                      .is_in_transition = is_in_transition,
                                      .is_ours = is_our_machine,
                                      .attributes = attributes_of,
                                      .notes_on_absent = notes_on_absent,
                                      .notes_on_present = notes_on_present,
                                      .complete = complete};
  return k_reading;
}

}  // namespace

std::vector<Query> machine_queries(const Batch& batch, const Replies& replies) {
  return batch.manages(k_section) ? guest_queries(reading(), batch, replies) : std::vector<Query>();
}

Result<std::vector<Observation>> interpret_machines(const Batch& batch,
                                                    const Replies& replies,
                                                    Vault&) {
  if (!batch.manages(k_section)) return std::vector<Observation>();
  return interpret_guests(reading(), batch, replies);
}

}  // namespace aegis::proxmox
