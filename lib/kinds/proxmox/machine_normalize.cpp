#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "base/text.h"
#include "kinds/proxmox/machine_observe.h"
#include "kinds/proxmox/machine_shape.h"
#include "kinds/proxmox/machine_text.h"
#include "kinds/proxmox/migration/migration_view.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

// A size that Proxmox does not tell cannot be compared.
void drop_untold_sizes(Json& wanted, const Json& live) {
  if (!wanted.contains("disks")) return;
  for (auto& [key, disk] : wanted["disks"].items()) {
    const Json& present = get(get(live, "disks"), key);
    const bool same = present.is_object() && get(disk, "storage") == get(present, "storage");
    if (same && get(present, "size").is_null()) disk.erase("size");
  }
}

// Proxmox writes the version of the day into the machine type of Windows.
void accept_pinned_type(Json& wanted, const Json& live) {
  const std::string type = text_or(wanted, "machine", "pc");
  const std::string present = text_or(live, "machine");
  const bool pinned = (type == "pc" && present.starts_with("pc-i440fx-")) ||
                      (type == "q35" && present.starts_with("pc-q35-"));
  const bool windows = text_or(wanted, "ostype").starts_with('w');
  if (pinned && windows) wanted["machine"] = present;
}

// Proxmox may put the cloud-init drive into a boot order that names nothing else. It starts
// nothing.
void accept_boot_from_drive(Json& wanted, const Json& live) {
  if (wanted.contains("boot") || get(wanted, "cloudinit").is_null()) return;
  const Json drive = Json::array({cloudinit_drive_of(wanted)});
  if (get(live, "boot") == drive) wanted["boot"] = drive;
}

// What is used only when the machine is made is in no live state.
void add_beginnings(const Json& spec, Json& wanted) {
  if (!get(spec, "clone").is_null()) wanted["clone"] = get(spec, "clone");
  const Json& password = get(get(spec, "cloudinit"), "password");
  if (!password.is_null()) wanted["cloudinit"]["password"] = password;
  const Json& disks = get(spec, "disks");
  if (!disks.is_object()) return;
  for (const auto& [key, disk] : disks.items()) {
    const Json& source = get(disk, "import_from");
    if (!source.is_null()) wanted["disks"][key]["import_from"] = source;
  }
}

// The keys of `devices` with one of the prefixes, by their order and then by number.
std::vector<std::string> devices_in(const Json& devices,
                                    std::initializer_list<std::string_view> prefixes) {
  constexpr int k_most = 32;
  std::vector<std::string> keys;
  for (const std::string_view prefix : prefixes) {
    for (int number = 0; number < k_most; ++number) {
      std::string key = fmt::format("{}{}", prefix, number);
      if (devices.contains(key)) keys.push_back(std::move(key));
    }
  }
  return keys;
}

// The first disk, in Proxmox's own order, the CD-ROMs, and the first network card.
std::vector<std::string> usual_boot(const Json& wanted) {
  std::vector<std::string> devices;
  const Json& disks = get(wanted, "disks");
  const std::vector<std::string> keys = devices_in(disks, {"ide", "scsi", "virtio", "sata"});
  for (const bool cdrom : {false, true}) {
    for (const std::string& key : keys) {
      if (disks[key].contains("cdrom") != cdrom) continue;
      devices.push_back(key);
      if (!cdrom) break;
    }
  }
  const std::vector<std::string> cards = devices_in(get(wanted, "network"), {"net"});
  if (!cards.empty()) devices.push_back(cards.front());
  return devices;
}

}  // namespace

Json normalize_machine(const Resource& resource, const Observation& live) {
  const Json& spec = resource.spec;
  Json wanted = shape_of_machine(spec);
  if (!wanted.contains("name")) wanted["name"] = resource.address.name;
  wanted["tags"] = with_owner_tag(get(spec, "tags"));
  if (!wanted.contains("boot")) {
    const std::vector<std::string> boot = usual_boot(wanted);
    if (!boot.empty()) wanted["boot"] = boot;
  }
  add_beginnings(spec, wanted);
  drop_untold_sizes(wanted, live.attributes);
  accept_pinned_type(wanted, live.attributes);
  accept_boot_from_drive(wanted, live.attributes);
  want_on_node(live, wanted);
  return wanted;
}

}  // namespace aegis::proxmox
