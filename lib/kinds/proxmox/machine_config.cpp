#include "kinds/proxmox/machine_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kinds/proxmox/machine_shape.h"
#include "kinds/proxmox/machine_text.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

// A key of Proxmox and the attribute that it is; "cloudinit.user" lies in a group.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> k_cloudinit_keys{{
    {"cipassword", "password"},
    {"citype", "type"},
    {"ciupgrade", "upgrade"},
    {"ciuser", "user"},
    {"nameserver", "nameserver"},
    {"searchdomain", "searchdomain"},
    {"sshkeys", "ssh_keys"},
}};

// Texts and numbers that are an attribute of the same name.
constexpr std::array<std::string_view, 18> k_plain_keys{"args",
                                                        "bios",
                                                        "cores",
                                                        "cpu",
                                                        "cpulimit",
                                                        "cpuunits",
                                                        "description",
                                                        "machine",
                                                        "name",
                                                        "numa",
                                                        "onboot",
                                                        "ostype",
                                                        "protection",
                                                        "scsihw",
                                                        "serial0",
                                                        "sockets",
                                                        "tags",
                                                        "vcpus"};

constexpr std::array<std::string_view, 9> k_shaped_keys{
    "agent", "balloon", "boot", "efidisk0", "hotplug", "memory", "startup", "tpmstate0", "vga"};

template <class Keys>
bool contains(const Keys& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string_view cloudinit_attribute(std::string_view key) {
  for (const auto& [candidate, attribute] : k_cloudinit_keys) {
    if (candidate == key) return attribute;
  }
  return {};
}

std::string_view cloudinit_key_of(std::string_view attribute) {
  for (const auto& [key, candidate] : k_cloudinit_keys) {
    if (candidate == attribute) return key;
  }
  return {};
}

bool is_address(std::string_view name) {
  return name == "ip" || name == "gw" || name == "ip6" || name == "gw6";
}

// "net0" of "ipconfig0".
std::string card_of(std::string_view ipconfig) {
  return fmt::format("net{}", ipconfig.substr(std::string_view("ipconfig").size()));
}

std::string ipconfig_of(std::string_view card) {
  return fmt::format("ipconfig{}", card.substr(std::string_view("net").size()));
}

std::string storage_of(const std::string& volume) {
  return volume.substr(0, volume.find(':'));
}

Json split_list(Json members, std::string_view key) {
  const std::string text = text_or(members, key);
  if (!text.empty()) members[std::string(key)] = split_any(text, ";");
  return members;
}

Json drive_spec(const std::string& text, const Json& declared) {
  Json disk = to_json(parse_properties(text, "file"));
  const std::string file = text_or(disk, "file");
  disk["discard"] = text_or(disk, "discard") == "on";
  if (text_or(disk, "media") == "cdrom") {
    disk["cdrom"] = file;
  } else if (!get(declared, "volume").is_null() || file.find(':') == std::string::npos) {
    disk["volume"] = file;
  } else {
    disk["storage"] = storage_of(file);
  }
  // A disk that is copied from an image has that one's size unless the manifest says more.
  if (declared.is_object() && get(declared, "size").is_null()) disk.erase("size");
  return disk;
}

Json small_disk_spec(const std::string& text) {
  Json disk = to_json(parse_properties(text, "file"));
  disk["storage"] = storage_of(text_or(disk, "file"));
  disk["pre_enrolled_keys"] = get(disk, "pre-enrolled-keys");
  return disk;
}

void add_disks(const ConfigMap& config, const Json& declared, Json& spec) {
  const std::string cloudinit = cloudinit_key(config);
  for (const auto& [key, value] : config) {
    if (!is_disk_key(key) || key == cloudinit) continue;
    spec["disks"][key] = drive_spec(value, get(get(declared, "disks"), key));
  }
  for (const char* key : {"efidisk0", "tpmstate0"}) {
    const auto disk = config.find(key);
    if (disk != config.end()) spec[key] = small_disk_spec(disk->second);
  }
}

void add_cards(const ConfigMap& config, const Json& declared, Json& spec) {
  for (const auto& [key, value] : config) {
    if (is_indexed(key, "ipconfig")) {
      for (const auto& [name, address] : parse_properties(value)) {
        spec["network"][card_of(key)][name] = address;
      }
    }
    if (!is_indexed(key, "net")) continue;
    const Card card = parse_card(value);
    Json& net = spec["network"][key];
    const Json members = split_list(to_json(card.properties), "trunks");
    for (const auto& [name, member] : members.items()) net[name] = member;
    net["model"] = card.model;
    const bool declares_mac = !get(get(get(declared, "network"), key), "macaddr").is_null();
    if (declares_mac) net["macaddr"] = card.mac;
  }
}

// "usb" of "usb0": the attribute that has it.
std::string group_of(std::string_view device) {
  return is_indexed(device, "usb") ? "usb" : "hostpci";
}

void add_host_devices(const ConfigMap& config, Json& spec) {
  for (const auto& [key, value] : config) {
    if (!is_host_device(key)) continue;
    Json device = to_json(parse_properties(value, "host"));
    device["x_vga"] = get(device, "x-vga");
    spec[group_of(key)][key] = std::move(device);
  }
}

void add_cloudinit(const ConfigMap& config, Json& spec) {
  Json cloudinit = Json::object();
  const std::string drive = cloudinit_key(config);
  if (!drive.empty()) {
    cloudinit["drive"] = drive;
    cloudinit["storage"] = storage_of(parse_properties(config.at(drive), "file")["file"]);
  }
  for (const auto& [key, attribute] : k_cloudinit_keys) {
    const auto value = config.find(key);
    if (value == config.end() || key == "cipassword") continue;
    cloudinit[std::string(attribute)] = value->second;
  }
  const std::string keys = percent_decode(text_or(cloudinit, "ssh_keys"));
  if (!keys.empty()) cloudinit["ssh_keys"] = split_any(keys, "\r\n");
  if (!cloudinit.empty()) spec["cloudinit"] = std::move(cloudinit);
}

void add_shaped(const ConfigMap& config, Json& spec) {
  const auto value_of = [&](std::string_view key) {
    const auto found = config.find(key);
    return found == config.end() ? std::string() : found->second;
  };
  for (const char* key : {"memory", "balloon"}) {
    const std::string value = parse_properties(value_of(key), "current")["current"];
    if (!value.empty()) spec[key] = value + "MiB";
  }
  if (const std::string agent = value_of("agent"); !agent.empty()) {
    Json members = to_json(parse_properties(agent, "enabled"));
    members["freeze_fs_on_backup"] = get(members, "freeze-fs-on-backup");
    spec["agent"] = std::move(members);
  }
  if (const std::string startup = value_of("startup"); !startup.empty()) {
    spec["startup"] = to_json(parse_properties(startup, "order"));
  }
  const std::string boot = parse_properties(value_of("boot"), "legacy")["order"];
  if (!boot.empty()) spec["boot"] = split_any(boot, ";");
  if (const std::string hotplug = value_of("hotplug"); !hotplug.empty()) spec["hotplug"] = hotplug;
  // `type=` may stand in front of the card's type.
  if (std::string vga = value_of("vga"); !vga.empty()) {
    constexpr std::string_view k_type = "type=";
    if (vga.starts_with(k_type)) vga.erase(0, k_type.size());
    spec["vga"] = vga;
  }
}

}  // namespace

Json spec_of_machine(const ConfigMap& config, const Json& declared) {
  Json spec = Json::object();
  for (const std::string_view key : k_plain_keys) {
    const auto value = config.find(key);
    if (value != config.end()) spec[std::string(key)] = value->second;
  }
  add_shaped(config, spec);
  add_disks(config, declared, spec);
  add_cards(config, declared, spec);
  add_cloudinit(config, spec);
  add_host_devices(config, spec);
  return spec;
}

bool is_managed_machine_key(std::string_view key) {
  return contains(k_plain_keys, key) || contains(k_shaped_keys, key) ||
         !cloudinit_attribute(key).empty() || is_indexed(key, "net") ||
         is_indexed(key, "ipconfig") || is_disk_key(key) || is_host_device(key);
}

bool is_host_device(std::string_view key) {
  return is_indexed(key, "usb") || is_indexed(key, "hostpci");
}

bool is_disk_key(std::string_view key) {
  return is_indexed(key, "ide") || is_indexed(key, "sata") || is_indexed(key, "scsi") ||
         is_indexed(key, "virtio");
}

std::string cloudinit_key(const ConfigMap& config) {
  for (const auto& [key, value] : config) {
    const std::string file = parse_properties(value, "file")["file"];
    const std::string name = file.substr(file.find_last_of(":/") + 1);
    const bool generated = name.starts_with("vm-") && name.find("-cloudinit") != std::string::npos;
    if (is_disk_key(key) && (generated || name == "cloudinit")) return key;
  }
  return {};
}

std::vector<std::string> keys_of(std::string_view path,
                                 const Json& wanted,
                                 const ConfigMap& config) {
  const std::vector<std::string> pieces = split(path, '.');
  const std::string& head = pieces.front();
  const std::string& last = pieces.back();
  if (head == "network" && pieces.size() > 2) {
    return {is_address(last) ? ipconfig_of(pieces[1]) : pieces[1]};
  }
  const bool is_map = head == "disks" || head == "usb" || head == "hostpci";
  if (is_map && pieces.size() > 1) return {pieces[1]};
  if (head != "cloudinit") {
    return is_managed_machine_key(head) ? std::vector<std::string>{head}
                                        : std::vector<std::string>{};
  }
  if (last != "storage" && last != "drive") {
    const std::string_view key = cloudinit_key_of(last);
    return key.empty() ? std::vector<std::string>{} : std::vector<std::string>{std::string(key)};
  }
  std::vector<std::string> keys;
  if (!get(wanted, "cloudinit").is_null()) keys.push_back(cloudinit_drive_of(wanted));
  const std::string live = cloudinit_key(config);
  if (!live.empty() && !contains(keys, live)) keys.push_back(live);
  return keys;
}

std::set<std::string> keys_in(const Json& attributes) {
  std::set<std::string> keys;
  for (const auto& [name, value] : attributes.items()) {
    if (is_managed_machine_key(name)) keys.insert(name);
  }
  for (const auto& [card, net] : get(attributes, "network").items()) {
    keys.insert(card);
    keys.insert(ipconfig_of(card));
  }
  for (const char* group : {"disks", "usb", "hostpci"}) {
    for (const auto& [key, device] : get(attributes, group).items()) keys.insert(key);
  }
  const Json& cloudinit = get(attributes, "cloudinit");
  if (cloudinit.is_null()) return keys;
  keys.insert(cloudinit_drive_of(attributes));
  for (const auto& [key, attribute] : k_cloudinit_keys) {
    if (key != "cipassword") keys.insert(std::string(key));
  }
  return keys;
}

Json part_of_machine(const Json& attributes, std::string_view key) {
  if (is_indexed(key, "ipconfig") || is_indexed(key, "net")) {
    const bool addresses = !is_indexed(key, "net");
    const Json& card = get(get(attributes, "network"), addresses ? card_of(key) : key);
    Json part = Json::object();
    for (const auto& [name, value] : card.items()) {
      if (is_address(name) == addresses) part[name] = value;
    }
    return part.empty() ? Json() : part;
  }
  if (is_disk_key(key)) {
    const Json& cloudinit = get(attributes, "cloudinit");
    if (!cloudinit.is_null() && cloudinit_drive_of(attributes) == key) {
      return get(cloudinit, "storage");
    }
    Json disk = get(get(attributes, "disks"), key);
    if (disk.is_object()) {
      disk.erase("size");
      disk.erase("import_from");
    }
    return disk;
  }
  if (is_host_device(key)) return get(get(attributes, group_of(key)), key);
  const std::string_view attribute = cloudinit_attribute(key);
  return attribute.empty() ? get(attributes, key) : get(get(attributes, "cloudinit"), attribute);
}

}  // namespace aegis::proxmox
