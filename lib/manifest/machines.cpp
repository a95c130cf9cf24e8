#include <fmt/format.h>

#include "base/units.h"
#include "manifest/guests.h"

namespace aegis {
namespace {

void check_disk(const Resource& resource,
                const std::string& name,
                const Json& disk,
                Reading& reading) {
  const bool copies = disk.contains("import_from") || resource.spec.contains("clone");
  const bool makes = disk.contains("storage") && (disk.contains("size") || copies);
  const int sources =
      (makes ? 1 : 0) + (disk.contains("volume") ? 1 : 0) + (disk.contains("cdrom") ? 1 : 0);
  if (sources == 1) return;
  reading.error(resource.place_of("disks." + name),
                "a disk without one source",
                fmt::format("{} takes `storage` and `size`, or `storage` and `import_from`, or "
                            "`volume`, or `cdrom`.",
                            name));
}

void check_disks(const Resource& resource, Reading& reading) {
  const Json& disks = get(resource.spec, "disks");
  if (!disks.is_object()) return;
  for (const auto& [name, disk] : disks.items()) check_disk(resource, name, disk, reading);
  const Json& cloudinit = get(resource.spec, "cloudinit");
  const std::string drive = text_or(cloudinit, "drive", "ide2");
  if (cloudinit.is_null() || !disks.contains(drive)) return;
  reading.error(resource.place_of("disks." + drive),
                "a device is used twice",
                fmt::format("{} is the cloud-init drive. Give that another `cloudinit.drive`, or "
                            "the disk another device.",
                            drive));
}

// Proxmox refuses a balloon that is larger than the memory around it.
void check_balloon(const Resource& resource, Reading& reading) {
  constexpr std::int64_t k_usual = std::int64_t{512} << 20U;
  const std::int64_t memory = parse_size(as_text(get(resource.spec, "memory"))).value_or(k_usual);
  const auto balloon = parse_size(as_text(get(resource.spec, "balloon")));
  if (!balloon || *balloon <= memory) return;
  reading.error(resource.place_of("balloon"),
                "a balloon larger than the memory",
                fmt::format("`balloon` is what {} keeps when the host needs memory. It is at most "
                            "its `memory`, {}.",
                            to_string(resource.address),
                            format_size(memory)));
}

// Without the drive nobody would tell the guest.
void check_addresses(const Resource& resource, Reading& reading) {
  const Json& network = get(resource.spec, "network");
  if (resource.spec.contains("cloudinit") || !network.is_object()) return;
  for (const auto& [name, card] : network.items()) {
    for (const char* key : {"ip", "gw", "ip6", "gw6"}) {
      if (!card.contains(key)) continue;
      reading.error(resource.place_of(fmt::format("network.{}.{}", name, key)),
                    "an address without cloud-init",
                    "Addresses of a virtual machine are given to the guest by cloud-init: add a "
                    "`cloudinit` section, or set them inside the guest.");
      return;
    }
  }
}

// A device of the host itself, or one that the datacenter has a name for.
void check_host_devices(const Resource& resource, Reading& reading) {
  for (const char* group : {"usb", "hostpci"}) {
    const Json& devices = get(resource.spec, group);
    if (!devices.is_object()) continue;
    for (const auto& [name, device] : devices.items()) {
      if (device.contains("host") != device.contains("mapping")) continue;
      reading.error(resource.place_of(fmt::format("{}.{}", group, name)),
                    "a device without one source",
                    fmt::format("{} takes either `host` or `mapping`.", name));
    }
  }
  const Json& devices = get(resource.spec, "hostpci");
  if (!devices.is_object() || text_or(resource.spec, "machine").find("q35") != std::string::npos) {
    return;
  }
  for (const auto& [name, device] : devices.items()) {
    if (get(device, "pcie") != true) continue;
    reading.error(resource.place_of(fmt::format("hostpci.{}.pcie", name)),
                  "PCI Express needs another machine type",
                  "Only `machine: q35` has PCI Express. Set that, or leave `pcie` out.");
  }
}

void check_boot(const Resource& resource, Reading& reading) {
  const Json& boot = get(resource.spec, "boot");
  for (std::size_t i = 0; i < boot.size(); ++i) {
    const std::string device = as_text(boot[i]);
    const bool hand_made = device.starts_with("usb") || device.starts_with("hostpci");
    const bool known = get(resource.spec, "disks").contains(device) ||
                       get(resource.spec, "network").contains(device) || hand_made;
    const bool drive = resource.spec.contains("cloudinit") &&
                       text_or(resource.spec["cloudinit"], "drive", "ide2") == device;
    if (known || drive) continue;
    reading.error(resource.place_of(fmt::format("boot[{}]", i)),
                  "an unknown device",
                  fmt::format("The machine has no {} to start from.", device));
  }
}

}  // namespace

void read_machines(const YamlNode& section, Reading& reading) {
  // Also a section without entries is managed: what it does not name is an orphan.
  for (auto& [name, scope] : reading.manifests.desired.scopes) {
    if (name.starts_with("server/")) scope.settings["sections"].push_back("machines");
  }
  for (const YamlNode::Member& member : section.members) {
    std::optional<Resource> resource = read_guest(member, "machines", "machine", reading);
    if (!resource) continue;
    check_disks(*resource, reading);
    check_least_memory(*resource, reading);
    check_balloon(*resource, reading);
    check_addresses(*resource, reading);
    check_host_devices(*resource, reading);
    check_boot(*resource, reading);
    reading.manifests.desired.resources.emplace(resource->address, std::move(*resource));
  }
}

}  // namespace aegis
