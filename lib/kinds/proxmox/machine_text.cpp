#include "kinds/proxmox/machine_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_shape.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::array<std::string_view, 14> k_models{"e1000",
                                                    "e1000-82540em",
                                                    "e1000-82544gc",
                                                    "e1000-82545em",
                                                    "e1000e",
                                                    "i82551",
                                                    "i82557b",
                                                    "i82559er",
                                                    "ne2k_isa",
                                                    "ne2k_pci",
                                                    "pcnet",
                                                    "rtl8139",
                                                    "virtio",
                                                    "vmxnet3"};
constexpr std::array<std::string_view, 1> k_file_first{"file"};

bool is_model(std::string_view name) {
  return std::find(k_models.begin(), k_models.end(), name) != k_models.end();
}

std::string property_text(const Json& value) {
  return value.is_array() ? join(words_of(value), ";") : as_text(value);
}

void overwrite(Properties& properties, std::string_view name, const Json& value) {
  if (value.is_null()) {
    properties.erase(std::string(name));
  } else {
    properties[std::string(name)] = property_text(value);
  }
}

std::optional<std::string> card_text(const Json& net, std::string_view live) {
  if (net.is_null()) return std::nullopt;
  Card card = parse_card(live);
  for (const std::string_view name :
       {"bridge", "firewall", "link_down", "mtu", "queues", "rate", "tag", "trunks"}) {
    overwrite(card.properties, name, get(net, name));
  }
  const std::string wanted_mac = text_or(net, "macaddr");
  // Without an address Proxmox makes a new one up on every write, and the card anew.
  const std::string mac = wanted_mac.empty() ? card.mac : wanted_mac;
  std::string text = text_or(net, "model", "virtio");
  if (!mac.empty()) text += "=" + mac;
  const std::string rest = print_properties(card.properties);
  if (!rest.empty()) text += "," + rest;
  return text;
}

std::optional<std::string> addresses_text(const Json& net) {
  Properties addresses;
  for (const std::string_view name : {"ip", "gw", "ip6", "gw6"}) {
    overwrite(addresses, name, get(net, name));
  }
  if (addresses.empty()) return std::nullopt;
  return print_properties(addresses);
}

bool fits(const Json& disk, const Properties& live) {
  const auto file = live.find("file");
  if (file == live.end()) return false;
  const std::string volume = text_or(disk, "volume");
  if (!volume.empty()) return file->second == volume;
  const auto media = live.find("media");
  const bool cdrom = media != live.end() && media->second == "cdrom";
  return !cdrom && file->second.starts_with(text_or(disk, "storage") + ":");
}

Properties new_disk(const Json& disk) {
  const std::string volume = text_or(disk, "volume");
  if (!volume.empty()) return {{"file", volume}};
  const std::string storage = text_or(disk, "storage");
  const std::string source = text_or(disk, "import_from");
  if (!source.empty()) return {{"file", storage + ":0"}, {"import-from", source}};
  const auto size = parse_size(as_text(get(disk, "size"))).value_or(0);
  return {{"file", fmt::format("{}:{}", storage, print_gibibytes(size))}};
}

std::optional<std::string> drive_text(const Json& disk, std::string_view live) {
  if (disk.is_null()) return std::nullopt;
  const std::string image = text_or(disk, "cdrom");
  if (!image.empty()) return image + ",media=cdrom";
  Properties properties = parse_properties(live, "file");
  if (!fits(disk, properties)) properties = new_disk(disk);
  for (const std::string_view name : {"aio",
                                      "backup",
                                      "cache",
                                      "iops_rd",
                                      "iops_wr",
                                      "iothread",
                                      "mbps_rd",
                                      "mbps_wr",
                                      "replicate",
                                      "ro",
                                      "ssd"}) {
    overwrite(properties, name, get(disk, name));
  }
  overwrite(properties, "discard", get(disk, "discard") == true ? Json("on") : Json());
  return print_properties(properties, k_file_first, "file");
}

std::optional<std::string> small_disk_text(std::string_view key, const Json& disk) {
  if (disk.is_null()) return std::nullopt;
  // The size is a formality: the firmware's image decides.
  Properties properties{{"file", text_or(disk, "storage") + ":1"}};
  if (key == "efidisk0") {
    overwrite(properties, "efitype", get(disk, "efitype"));
    overwrite(properties, "pre-enrolled-keys", get(disk, "pre_enrolled_keys"));
  } else {
    overwrite(properties, "version", get(disk, "version"));
  }
  return print_properties(properties, k_file_first, "file");
}

std::optional<std::string> host_device_text(const Json& device, std::string_view live) {
  if (device.is_null()) return std::nullopt;
  Properties properties = parse_properties(live, "host");
  for (const std::string_view name :
       {"host", "mapping", "mdev", "pcie", "rombar", "romfile", "usb3"}) {
    overwrite(properties, name, get(device, name));
  }
  overwrite(properties, "x-vga", get(device, "x_vga"));
  constexpr std::array<std::string_view, 1> k_first{"host"};
  return print_properties(properties, k_first, "host");
}

std::optional<std::string> agent_text(const Json& agent) {
  if (agent.is_null()) return std::nullopt;
  Properties properties{{"enabled", get(agent, "enabled") == true ? "1" : "0"}};
  overwrite(properties, "fstrim_cloned_disks", get(agent, "fstrim_cloned_disks"));
  overwrite(properties, "freeze-fs-on-backup", get(agent, "freeze_fs_on_backup"));
  overwrite(properties, "type", get(agent, "type"));
  constexpr std::array<std::string_view, 1> k_first{"enabled"};
  return print_properties(properties, k_first, "enabled");
}

std::optional<std::string> cloudinit_text(std::string_view key, const Json& cloudinit) {
  const auto text = [&](std::string_view attribute) -> std::optional<std::string> {
    const std::string value = text_or(cloudinit, attribute);
    if (value.empty()) return std::nullopt;
    return value;
  };
  if (key == "ciuser") return text("user");
  if (key == "citype") return text("type");
  if (key == "ciupgrade") {
    if (get(cloudinit, "upgrade") != false) return std::nullopt;
    return "0";
  }
  if (key == "sshkeys") {
    const Json& keys = get(cloudinit, "ssh_keys");
    if (!keys.is_array() || keys.empty()) return std::nullopt;
    return percent_encode(join(keys.get<std::vector<std::string>>(), "\n"));
  }
  return plain_text(key, cloudinit, "");
}

bool is_cloudinit_text(std::string_view key) {
  return key == "ciuser" || key == "citype" || key == "ciupgrade" || key == "sshkeys" ||
         key == "nameserver" || key == "searchdomain";
}

std::optional<std::string> list_text(std::string_view key, const Json& value) {
  if (value.is_null()) return std::nullopt;
  const std::vector<std::string> words = words_of(value);
  if (key == "hotplug") return words.empty() ? "0" : join(words, ",");
  if (words.empty()) return std::nullopt;
  return fmt::format("order={}", join(words, ";"));
}

// "local-zfs:8" and "local-zfs:cloudinit" ask for a volume that is made.
bool asks_for_new(std::string_view file) {
  const std::size_t colon = file.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view rest = file.substr(colon + 1);
  return rest == "cloudinit" || rest.find_first_not_of("0123456789.") == std::string_view::npos;
}

// Of the volume itself, or written by Proxmox.
bool is_generated(std::string_view name) {
  return name == "size" || name == "import-from" || name == "format" || name == "media" ||
         name == "ms-cert";
}

bool same_properties(const Properties& sent, const Properties& read) {
  const bool as_sent = std::all_of(sent.begin(), sent.end(), [&](const auto& property) {
    const auto& [name, value] = property;
    if (is_generated(name)) return true;
    const auto found = read.find(name);
    if (found == read.end()) return false;
    if (name == "file" && asks_for_new(value)) {
      const std::string_view storage = std::string_view(value).substr(0, value.find(':') + 1);
      return found->second.starts_with(storage) && !asks_for_new(found->second);
    }
    return to_lower(found->second) == to_lower(value);
  });
  return as_sent && std::all_of(read.begin(), read.end(), [&](const auto& property) {
           return is_generated(property.first) || sent.contains(property.first);
         });
}

bool same_card(std::string_view sent, std::string_view read) {
  const Card wanted = parse_card(sent);
  const Card present = parse_card(read);
  const bool same_mac = wanted.mac.empty() || to_lower(wanted.mac) == to_lower(present.mac);
  return wanted.model == present.model && same_mac &&
         same_properties(wanted.properties, present.properties);
}

}  // namespace

Card parse_card(std::string_view text) {
  Card card;
  for (const auto& [name, value] : parse_properties(text, "model")) {
    if (name == "model") {
      card.model = value;
    } else if (name == "macaddr") {
      card.mac = value;
    } else if (is_model(name)) {
      card.model = name;
      card.mac = value;
    } else {
      card.properties[name] = value;
    }
  }
  return card;
}

std::string cloudinit_drive_of(const Json& attributes) {
  return text_or(get(attributes, "cloudinit"), "drive", k_cloudinit_drive);
}

std::optional<std::string> machine_text(std::string_view key,
                                        const Json& wanted,
                                        std::string_view live) {
  if (is_indexed(key, "net")) return card_text(get(get(wanted, "network"), key), live);
  if (is_indexed(key, "ipconfig")) return addresses_text(part_of_machine(wanted, key));
  if (key == "efidisk0" || key == "tpmstate0") return small_disk_text(key, get(wanted, key));
  if (is_host_device(key)) return host_device_text(part_of_machine(wanted, key), live);
  if (is_disk_key(key)) {
    const Json& cloudinit = get(wanted, "cloudinit");
    const bool drives = !cloudinit.is_null() && cloudinit_drive_of(wanted) == key;
    if (drives) return text_or(cloudinit, "storage") + ":cloudinit";
    return drive_text(get(get(wanted, "disks"), key), live);
  }
  if (key == "agent") return agent_text(get(wanted, key));
  if (key == "boot" || key == "hotplug") return list_text(key, get(wanted, key));
  if (is_cloudinit_text(key)) return cloudinit_text(key, get(wanted, "cloudinit"));
  return plain_text(key, wanted, live);
}

bool machine_fulfils(std::string_view key, std::string_view sent, std::string_view read) {
  if (sent == read || key == "cipassword") return true;  // a password is never shown
  if (is_indexed(key, "net")) return same_card(sent, read);
  if (is_disk_key(key) || key == "efidisk0" || key == "tpmstate0") {
    return same_properties(parse_properties(sent, "file"), parse_properties(read, "file"));
  }
  if (is_host_device(key)) {
    return same_properties(parse_properties(sent, "host"), parse_properties(read, "host"));
  }
  if (is_indexed(key, "ipconfig") || key == "agent") {
    return same_properties(parse_properties(sent, "enabled"), parse_properties(read, "enabled"));
  }
  if (key == "description") return trim(sent) == trim(read);
  return fulfils(key, sent, read);
}

}  // namespace aegis::proxmox
