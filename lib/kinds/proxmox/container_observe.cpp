#include "kinds/proxmox/container_observe.h"

#include "kinds/proxmox/container_notes.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

bool is_in_transition(const Json& item) {
  const std::string lock = text_or(item, "lock");
  return lock == "create" || lock == "destroyed";
}

bool is_ours(const Json& item, const ConfigMap& /*config*/) {
  return has_owner_tag(get(item, "tags"));
}

Json attributes_of(const ConfigMap& config,
                   const Resource& resource,
                   const Json& item,
                   const GuestReplies& /*replies*/) {
  const Json& declared = resource.spec;
  Json spec = spec_of(config, declared);
  spec["vmid"] = get(item, "vmid");
  spec["state"] = state_of(item);
  // What a manifest does not say of the root disk is not its business.
  if (!get(declared, "rootfs").is_object() && declared.is_object()) spec.erase("rootfs");
  return shape_of_container(spec);
}

const GuestReading& reading() {
  static const GuestReading k_reading{.system = container_system(),
                                      .kind = "container",
                                      .name_attribute = "hostname",
                                      .ask_more = ask_for_files,
                                      .is_in_transition = is_in_transition,
                                      .is_ours = is_ours,
                                      .attributes = attributes_of,
                                      .notes_on_absent = notes_on_absent,
                                      .notes_on_present = notes_on_present};
  return k_reading;
}

}  // namespace

std::vector<Query> container_queries(const Batch& batch, const Replies& replies) {
  return guest_queries(reading(), batch, replies);
}

Result<std::vector<Observation>> interpret_containers(const Batch& batch,
                                                      const Replies& replies,
                                                      Vault&) {
  return interpret_guests(reading(), batch, replies);
}

}  // namespace aegis::proxmox
