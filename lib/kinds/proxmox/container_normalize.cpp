
#include "kinds/proxmox/container_observe.h"
#include "kinds/proxmox/migration/migration_view.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

// A size that Proxmox does not tell cannot be compared.
void drop_untold_size(Json& wanted, const Json& live) {
  const bool same_disk =
      wanted.is_object() && live.is_object() && get(wanted, "storage") == get(live, "storage");
  if (same_disk && get(live, "size").is_null()) wanted.erase("size");
}

void drop_untold_sizes(Json& wanted, const Json& live) {
  if (wanted.contains("rootfs")) drop_untold_size(wanted["rootfs"], get(live, "rootfs"));
  if (!wanted.contains("mount_points")) return;
  for (auto& [key, disk] : wanted["mount_points"].items()) {
    drop_untold_size(disk, get(get(live, "mount_points"), key));
  }
}

// Proxmox cuts cpuunits to what the kernel's cgroup version takes when it is written; what was cut
// is what was wanted.
void accept_clamped_units(Json& wanted, const Json& live) {
  constexpr std::int64_t k_most = 10'000;
  constexpr std::int64_t k_least = 2;
  const auto units = as_integer(get(wanted, "cpuunits"));
  const auto present = as_integer(get(live, "cpuunits"));
  if (!units || !present) return;
  const bool cut = *units > k_most && *present == k_most;
  const bool raised = *units < *present && *present <= k_least;
  if (cut || raised) wanted["cpuunits"] = *present;
}

}  // namespace

Json normalize_container(const Resource& resource, const Observation& live) {
  const Json& spec = resource.spec;
  Json wanted = shape_of_container(spec);
  if (!wanted.contains("hostname")) wanted["hostname"] = resource.address.name;
  wanted["tags"] = with_owner_tag(get(spec, "tags"));
  for (const std::string_view key : {"template", "clone", "password", "ssh_public_keys"}) {
    const Json& value = get(spec, key);
    if (!value.is_null()) wanted[std::string(key)] = value;
  }
  drop_untold_sizes(wanted, live.attributes);
  accept_clamped_units(wanted, live.attributes);
  want_on_node(live, wanted);
  // On the node that it leaves they are not read: the plan after the move compares them.
  if (wanted.contains("node")) wanted.erase("lxc");
  return wanted;
}

}  // namespace aegis::proxmox
