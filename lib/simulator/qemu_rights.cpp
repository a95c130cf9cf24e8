#include "simulator/qemu_rights.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "simulator/mount_point.h"
#include "simulator/property_string.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_fields.h"
#include "simulator/qemu_values.h"

namespace aegis::simulator {
namespace {

// Keys by the privilege that they need.
struct Group {
  std::string_view privilege;
  std::vector<std::string_view> keys;
};

const std::array k_groups{
    Group{"VM.Config.CPU", {"cores", "cpu", "cpulimit", "cpuunits", "numa", "sockets", "vcpus"}},
    Group{"VM.Config.Memory", {"memory", "balloon", "shares"}},
    Group{"VM.Config.HWType",
          {"acpi",
           "hotplug",
           "kvm",
           "machine",
           "scsihw",
           "smbios1",
           "tablet",
           "vga",
           "watchdog",
           "rng0"}},
    Group{"VM.Config.Options",
          {"agent",
           "autostart",
           "bios",
           "description",
           "localtime",
           "name",
           "onboot",
           "ostype",
           "protection",
           "reboot",
           "startup",
           "tags",
           "template"}},
    Group{"VM.Config.Disk", {"boot"}},
};

Refusal only_root(std::string_view verb, std::string_view key, std::string_view what = "") {
  return refuse(fmt::format("only root can {} '{}' config{}", verb, key, what));
}

std::string path_of(const MachineWish& wish) {
  return fmt::format("/vms/{}", wish.vmid);
}

Refusal check_drive(const World& world,
                    const Caller& caller,
                    const MachineWish& wish,
                    const std::string& key,
                    const std::string& text) {
  if (text.empty()) return {};
  const Drive drive = parse_drive(key, text);
  if (!drive.is_cdrom()) return require(world, caller, path_of(wish), {"VM.Config.Disk"});
  if (Refusal refusal = require(world, caller, path_of(wish), {"VM.Config.CDROM"})) return refusal;
  if (!drive.is_cloudinit()) return {};
  return require(world, caller, path_of(wish), {"VM.Config.Cloudinit"});
}

Refusal check_device(const World& world,
                     const Caller& caller,
                     const MachineWish& wish,
                     const std::string& key,
                     const std::string& value) {
  const bool is_pci = is_indexed(key, "hostpci");
  if (is_pci || is_indexed(key, "usb")) {
    const auto device = parse_property_string(*machine_field(key), value).values;
    const auto host = device.find("host");
    const bool spice = !is_pci && host != device.end() && to_lower(host->second) == "spice";
    if (host != device.end() && !spice) {
      return only_root("set", key, is_pci ? " for non-mapped devices" : " for real devices");
    }
    const auto mapping = device.find("mapping");
    if (mapping != device.end()) {
      const std::string path =
          fmt::format("/mapping/{}/{}", is_pci ? "pci" : "usb", mapping->second);
      if (Refusal refusal = require(world, caller, path, {"Mapping.Use"})) return refusal;
    }
  } else if (value != "socket") {
    return only_root("set", key, " for real devices");
  }
  return require(world, caller, path_of(wish), {"VM.Config.HWType"});
}

Refusal check_key(const World& world,
                  const Caller& caller,
                  const MachineWish& wish,
                  const std::string& key,
                  const std::string& value) {
  const std::string path = path_of(wish);
  if (is_drive_key(key)) {
    for (const std::string& text : {wish.before(key), value}) {
      if (Refusal refusal = check_drive(world, caller, wish, key, text)) return refusal;
    }
    return {};
  }
  if (is_indexed(key, "serial") || is_indexed(key, "usb") || is_indexed(key, "hostpci")) {
    for (const std::string& text : {wish.before(key), value}) {
      if (text.empty()) continue;
      if (Refusal refusal = check_device(world, caller, wish, key, text)) return refusal;
    }
    return {};
  }
  if (is_indexed(key, "unused")) return require(world, caller, path, {"VM.Config.Disk"});
  if (is_indexed(key, "net")) return require(world, caller, path, {"VM.Config.Network"});
  if (is_cloudinit_key(key)) {
    return require(world, caller, path, {"VM.Config.Cloudinit", "VM.Config.Network"});
  }
  for (const Group& group : k_groups) {
    if (std::find(group.keys.begin(), group.keys.end(), key) == group.keys.end()) continue;
    if (Refusal refusal = require(world, caller, path, {group.privilege})) return refusal;
    // It changes what the host does when it starts.
    return key == "startup" ? require(world, caller, "/", {"Sys.Modify"}) : Refusal();
  }
  return only_root("set", key);
}

Refusal check_bridge(const World& world, const Caller& caller, const std::string& value) {
  const Parameters net = parse_machine_net(value);
  const auto bridge = net.find("bridge");
  if (bridge == net.end()) return {};
  std::string path = fmt::format("/sdn/zones/localnetwork/{}", bridge->second);
  if (const auto tag = net.find("tag"); tag != net.end()) path += "/" + tag->second;
  return require(world, caller, path, {"SDN.Use"});
}

Refusal check_import(const World& world, const Caller& caller, const std::string& source) {
  if (source.starts_with('/')) {
    if (caller.is_root()) return {};
    return forbidden("Only root can pass arbitrary filesystem paths.");
  }
  const std::string storage(storage_of(source));
  if (world.storages.find(storage) == nullptr) {
    return refuse(fmt::format("storage '{}' does not exist", storage));
  }
  if (caller.is_root()) return {};
  return require(world,
                 caller,
                 "/storage/" + storage,
                 {"Datastore.AllocateSpace", "Datastore.Audit", "Datastore.AllocateTemplate"});
}

Refusal check_volume(const World& world,
                     const Caller& caller,
                     const std::string& key,
                     const Drive& drive) {
  const std::string file = drive.file();
  if (file == "none" || file == "cdrom") return {};
  const auto wanted = drive.allocation();
  const std::string name = wanted ? wanted->storage : std::string(storage_of(file));
  if (name.empty()) return refuse("no storage ID specified (and no default storage)");
  const StorageOptions* storage = world.storages.find(name);
  if (storage == nullptr) return refuse(fmt::format("storage '{}' does not exist", name));
  const bool makes = wanted || file.ends_with(":cloudinit");
  if (!makes) {
    const std::string path = "/storage/" + name;
    if (caller.is_root()) return {};
    return require(world, caller, path, {"Datastore.AllocateSpace", "Datastore.Audit"});
  }
  if (!caller.is_root()) {
    Refusal refusal = require(world, caller, "/storage/" + name, {"Datastore.AllocateSpace"});
    if (refusal) return refusal;
  }
  if (!Storages::holds(*storage, "images")) {
    return invalid("storage", fmt::format("storage '{}' does not support vm images", name));
  }
  const std::string source = drive.value("import-from");
  if (source.empty()) return {};
  const auto image = world.storages.volumes.find(source);
  const bool wrong = image != world.storages.volumes.end() && image->second.content != "images" &&
                     image->second.content != "import";
  if (wrong) {
    return invalid(key,
                   fmt::format("{} has wrong type '{}' - needs to be 'images' or 'import'",
                               source,
                               image->second.content));
  }
  return check_import(world, caller, source);
}

}  // namespace

std::string MachineWish::before(const std::string& key) const {
  if (present == nullptr) return {};
  const auto waiting = present->pending.find(key);
  return waiting == present->pending.end() ? present->value(key) : waiting->second;
}

Refusal check_machine_rights(const World& world, const Caller& caller, const MachineWish& wish) {
  if (caller.is_root()) return {};
  for (const std::string& key : wish.remove) {
    if (Refusal refusal = check_key(world, caller, wish, key, "")) return refusal;
  }
  for (const auto& [key, value] : wish.set) {
    if (Refusal refusal = check_key(world, caller, wish, key, value)) return refusal;
  }
  return {};
}

Refusal check_machine_resources(const World& world, const Caller& caller, const MachineWish& wish) {
  for (const auto& [key, value] : wish.set) {
    if (is_drive_key(key)) {
      const Drive drive = parse_drive(key, value);
      if (Refusal refusal = check_volume(world, caller, key, drive)) return refusal;
    }
    if (!is_indexed(key, "net") || caller.is_root()) continue;
    for (const std::string& text : {value, wish.before(key)}) {
      if (Refusal refusal = check_bridge(world, caller, text)) return refusal;
    }
  }
  return {};
}

}  // namespace aegis::simulator
