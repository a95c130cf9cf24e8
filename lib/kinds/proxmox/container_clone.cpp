#include "kinds/proxmox/container_clone.h"

#include <fmt/format.h>

#include "base/units.h"
#include "kinds/proxmox/guest_clone.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

constexpr std::chrono::minutes k_config_timeout{5};
constexpr std::chrono::minutes k_resize_timeout{10};

std::int64_t original_of(const Json& spec) {
  return as_integer(get(get(spec, "clone"), "vmid")).value_or(0);
}

void add_growth(const std::string& key, const Json& disk, StepChain& chain) {
  const auto size = parse_size(as_text(get(disk, "size")));
  if (!size) return;
  chain
      .add("resize",
           fmt::format("grow {} of container {} to {}", key, chain.vmid(), format_size(*size)),
           {{"disk", key}, {"size", *size}})
      .timeout = k_resize_timeout;
}

// What is said of the original by its configuration and by the list.
class Original {
 public:
  Original(const Resource& copy, const Json& item, const ConfigMap& config)
      : copy_(copy), item_(item), config_(config), clone_(get(copy.spec, "clone")) {}

  Diagnostics notes() {
    add_note_on_way();
    add_note_on_mounts();
    add_note_on_privilege();
    return std::move(notes_);
  }

 private:
  void add(std::string_view path, std::string summary, std::string detail) {
    notes_.push_back(note_on(copy_, Severity::error, path, std::move(summary), std::move(detail)));
  }

  void add_note_on_way() {
    const bool is_template = as_bool(get(item_, "template")).value_or(false) ||
                             as_integer(get(item_, "template")).value_or(0) > 0;
    const bool full = as_bool(get(clone_, "full")).value_or(!is_template);
    if (!text_or(clone_, "snapshot").empty()) return;
    if (full && text_or(item_, "status") == "running") {
      add("clone",
          "what is to be cloned runs",
          fmt::format("Proxmox copies container {} in full only while it is stopped, or from one "
                      "of its snapshots: stop it, or name one as `clone.snapshot`.",
                      original_of(copy_.spec)));
    } else if (!full && !is_template) {
      add("clone.full",
          "what is to be cloned is no template",
          fmt::format(
              "Only a template, or a snapshot, can be built on without a copy of its disks, "
              "and container {} is none: leave `full` out.",
              original_of(copy_.spec)));
    }
  }

  void add_note_on_mounts() {
    for (const auto& [key, value] : config_) {
      if (!is_indexed(key, "mp")) continue;
      const Properties disk = parse_properties(value, "volume");
      const auto volume = disk.find("volume");
      if (volume == disk.end() || !volume->second.starts_with('/')) continue;
      add("clone",
          "what is to be cloned mounts a directory of the host",
          fmt::format("Proxmox does not copy a container with such a mount, and {} of container {} "
                      "is {}.",
                      key,
                      original_of(copy_.spec),
                      volume->second));
    }
  }

  void add_note_on_privilege() {
    const auto found = config_.find("unprivileged");
    const bool unprivileged = found != config_.end() && as_bool(found->second).value_or(false);
    if (as_bool(get(copy_.spec, "unprivileged")).value_or(true) == unprivileged) return;
    add("unprivileged",
        "a copy is as privileged as its original",
        fmt::format("Container {} is {}, and so is every copy of it: set `unprivileged: {}`.",
                    original_of(copy_.spec),
                    unprivileged ? "unprivileged" : "privileged",
                    unprivileged));
  }

  const Resource& copy_;
  const Json& item_;
  const ConfigMap& config_;
  const Json& clone_;
  Diagnostics notes_;
};

}  // namespace

bool is_clone(const Json& spec) {
  return get(spec, "clone").is_object();
}

void add_container_clone(const Lowering& lowering, StepChain& chain) {
  add_clone_step(lowering, chain, "hostname");
  chain
      .add("complete",
           fmt::format("make the clone {} what is declared", chain.vmid()),
           {{"wanted", lowering.wanted}, {"as_root", sets_as_root(lowering.change)}})
      .timeout = k_config_timeout;
  add_growth("rootfs", get(lowering.wanted, "rootfs"), chain);
  const Json& disks = get(lowering.wanted, "mount_points");
  if (!disks.is_object()) return;
  for (const auto& [key, disk] : disks.items()) add_growth(key, disk, chain);
}

void add_original_check(const Lowering& lowering, StepChain& chain) {
  const std::int64_t original = original_of(lowering.wanted);
  chain
      .add("check_original",
           fmt::format("check that container {} is there", original),
           {{"original", original}})
      .prepares = true;
}

std::vector<Query> clone_queries(const Batch& batch, const Replies& replies) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries;
  const auto seen = HostView::read(host, replies, container_system());
  if (!seen) return queries;
  for (const Resource* resource : batch.resources) {
    const std::int64_t original = original_of(resource->spec);
    const bool is_made = is_clone(resource->spec) && seen->guest(vmid_of(*resource)).is_null();
    if (is_made && !seen->guest(original).is_null()) {
      queries.push_back(host.pending(container_system(), original));
    }
  }
  return queries;
}

Diagnostics notes_on_original(const Resource& resource, const GuestReplies& all) {
  const std::int64_t original = original_of(resource.spec);
  const Json& item = all.host.guest(original);
  if (item.is_null()) {
    // One that is declared is made first.
    if (resource.needs_kind("container")) return {};
    return {note_on(
        resource,
        Severity::error,
        "clone.vmid",
        "what is to be cloned is not there",
        fmt::format("{} is to be a clone of container {}, which this node does not have or these "
                    "credentials may not see.",
                    to_string(resource.address),
                    original))};
  }
  const auto pending =
      data_of(all.replies, all.queries.pending(container_system(), original), "its original");
  const ConfigMap config = pending ? parse_pending(**pending).requested : ConfigMap();
  return pending ? Original(resource, item, config).notes() : Diagnostics();
}

void add_notes_on_new_originals(const Batch& batch,
                                const HostView& host,
                                std::vector<Observation>& observations) {
  for (std::size_t i = 0; i < batch.resources.size(); ++i) {
    const Resource& copy = *batch.resources[i];
    const std::int64_t original = original_of(copy.spec);
    const bool is_made = is_clone(copy.spec) && !observations[i].exists;
    if (!is_made || !host.guest(original).is_null()) continue;
    for (const Resource* other : batch.resources) {
      const bool runs = text_or(other->spec, "state", "started") == "started";
      if (vmid_of(*other) != original || !runs) continue;
      observations[i].notes.push_back(note_on(
          copy,
          Severity::error,
          "clone.vmid",
          "what is to be cloned will run",
          fmt::format("Proxmox copies {} only while it is stopped, and it is to be made and "
                      "started: give it `state: stopped`.",
                      to_string(other->address))));
    }
  }
}

}  // namespace aegis::proxmox
