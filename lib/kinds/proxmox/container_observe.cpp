#include "kinds/proxmox/container_observe.h"

#include <fmt/format.h>

#include <utility>

#include "kinds/proxmox/container_clone.h"
#include "kinds/proxmox/container_notes.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/raw_lines.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

Query raw_lines_of(const HostQueries& host, const Resource& resource) {
  return raw_lines_query(host.endpoint, host.node, vmid_of(resource));
}

bool is_in_transition(const Json& item) {
  const std::string lock = text_or(item, "lock");
  return lock == "create" || lock == "destroyed";
}

bool is_ours(const Json& item, const ConfigMap& config) {
  return has_owner_tag(get(item, "tags")) || proxmox::is_ours(config);
}

Json attributes_of(const ConfigMap& config,
                   const Resource& resource,
                   const Json& item,
                   const GuestReplies& all) {
  const Json& declared = resource.spec;
  Json spec = spec_of(config, declared);
  if (declares_raw_lines(resource) && !all.host.guest(vmid_of(resource)).is_null()) {
    const auto told = data_of(all.replies, raw_lines_of(all.queries, resource), "its raw lines");
    const Json& lines = told ? get(**told, "lxc") : get(Json(), "");
    spec["lxc"] = lines.is_null() ? Json::array() : lines;
  }
  spec["vmid"] = get(item, "vmid");
  spec["state"] = state_of(item);
  // What a manifest does not say of the root disk is not its business.
  if (!get(declared, "rootfs").is_object() && declared.is_object()) spec.erase("rootfs");
  return shape_of_container(spec);
}

void ask_more(const Batch& batch, const HostQueries& host, std::vector<Query>& queries) {
  ask_for_files(batch, host, queries);
  for (const Resource* resource : batch.resources) {
    if (declares_raw_lines(*resource)) queries.push_back(raw_lines_of(host, *resource));
  }
}

// Raw lines that cannot be read are not "none".
Result<Done> expect_raw_lines(const Batch& batch, const Replies& replies, const HostView& host) {
  for (const Resource* resource : batch.resources) {
    const bool is_read = declares_raw_lines(*resource) &&
                         !host.guest(vmid_of(*resource)).is_null() &&
                         !is_in_transition(host.guest(vmid_of(*resource)));
    if (!is_read) continue;
    const auto told = data_of(replies,
                              raw_lines_of(HostQueries(batch.scope), *resource),
                              fmt::format("the raw lxc lines of {}", to_string(resource->address)));
    if (!told) return told.error();
  }
  return Done{};
}

// Known while planning: the lines differ, and nobody could write them.
void add_notes_on_raw_lines(const Batch& batch, std::vector<Observation>& observations) {
  if (get(batch.scope.settings, "shell") != Json(false)) return;
  for (std::size_t i = 0; i < batch.resources.size(); ++i) {
    const Resource& resource = *batch.resources[i];
    if (!declares_raw_lines(resource)) continue;
    const Json wanted = shape_of_raw_lines(get(resource.spec, k_raw_lines));
    const Json& live = get(observations[i].attributes, k_raw_lines);
    if (wanted == live || (wanted.empty() && live.empty())) continue;
    observations[i].notes.push_back(
        note_on(resource,
                Severity::error,
                k_raw_lines,
                "raw lines take root's shell",
                fmt::format("No call of Proxmox's API sets the raw lines of {}, not even as "
                            "root@pam. Give {} an ssh: connection.",
                            to_string(resource.address),
                            batch.scope.name)));
  }
}

const GuestReading& reading() {
  static const GuestReading k_reading{.system = container_system(),
                                      .kind = "container",
                                      .name_attribute = "hostname",
                                      .ask_more = ask_more,
                                      .is_in_transition = is_in_transition,
                                      .is_ours = is_ours,
                                      .attributes = attributes_of,
                                      .notes_on_absent = notes_on_absent,
                                      .notes_on_present = notes_on_present};
  return k_reading;
}

}  // namespace

std::vector<Query> container_queries(const Batch& batch, const Replies& replies) {
  std::vector<Query> queries = guest_queries(reading(), batch, replies);
  for (Query& query : clone_queries(batch, replies)) queries.push_back(std::move(query));
  return queries;
}

Result<std::vector<Observation>> interpret_containers(const Batch& batch,
                                                      const Replies& replies,
                                                      Vault&) {
  const auto host = HostView::read(HostQueries(batch.scope), replies, container_system());
  if (!host) return host.error();
  const auto told = expect_raw_lines(batch, replies, *host);
  if (!told) return told.error();
  auto observations = interpret_guests(reading(), batch, replies);
  if (observations) add_notes_on_raw_lines(batch, *observations);
  if (observations) add_notes_on_new_originals(batch, *host, *observations);
  return observations;
}

}  // namespace aegis::proxmox
