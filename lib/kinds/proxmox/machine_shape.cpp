#include "kinds/proxmox/machine_shape.h"

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/shape.h"
#include "kinds/proxmox/shaper.h"

namespace aegis::proxmox {
namespace {

Json shape_of_agent(const Json& agent) {
  // `agent: true` is short for {enabled: true}.
  const Json whole = agent.is_object() || agent.is_null() ? agent : Json{{"enabled", agent}};
  Shaper shaper(whole);
  shaper.flag("enabled", false);
  shaper.flag("fstrim_cloned_disks", false);
  shaper.flag("freeze_fs_on_backup", true);
  shaper.text("type", "virtio");
  return shaper.take();
}

Json shape_of_efi_disk(const Json& disk) {
  Shaper shaper(disk);
  shaper.text("storage");
  shaper.text("efitype", "2m");
  shaper.flag("pre_enrolled_keys", false);
  return shaper.take();
}

Json shape_of_tpm_state(const Json& disk) {
  Shaper shaper(disk);
  shaper.text("storage");
  shaper.text("version", "v1.2");
  return shaper.take();
}

Json shape_of_usb(const Json& device) {
  Shaper shaper(device);
  shaper.lower_text("host");
  shaper.text("mapping");
  shaper.flag("usb3", false);
  return shaper.take();
}

Json shape_of_pci(const Json& device) {
  Shaper shaper(device);
  shaper.lower_text("host");
  for (const std::string_view key : {"mapping", "mdev", "romfile"}) shaper.text(key);
  for (const std::string_view key : {"pcie", "x_vga"}) shaper.flag(key, false);
  shaper.flag("rombar", true);
  return shaper.take();
}

// What Proxmox plugs when nothing is said is left out; nothing at all is an empty list.
Json shape_of_hotplug(const Json& hotplug) {
  if (hotplug.is_null()) return {};
  std::vector<std::string> words = words_of(hotplug);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  const bool usual = words == std::vector<std::string>{"disk", "network", "usb"} ||
                     words == std::vector<std::string>{"1"};
  if (usual) return {};
  if (words == std::vector<std::string>{"0"}) words.clear();
  return words;
}

// Proxmox keeps a machine's without blanks around it.
Json trimmed(const Json& description) {
  return description.is_string() ? Json(trim(description.get_ref<const std::string&>()))
                                 : description;
}

void shape_processor(Shaper& shaper) {
  for (const std::string_view key : {"cores", "sockets"}) {
    shaper.put(key, 1);
    shaper.number(key);
  }
  shaper.number("vcpus");
  shaper.text("cpu", "kvm64");
  shaper.number("cpulimit");
  shaper.drop("cpulimit", 0);
  shaper.number("cpuunits");
  shaper.flag("numa", false);
}

void shape_hardware(Shaper& shaper) {
  shaper.text("ostype", "other");
  shaper.text("machine", "pc");
  shaper.text("bios", "seabios");
  shaper.text("scsihw", "lsi");
  shaper.text("vga", "std");
  shaper.text("serial0");
  shaper.text("args");
  shaper.put("hotplug", shape_of_hotplug(shaper.source("hotplug")));
  shaper.group("agent", shape_of_agent);
  shaper.group("efidisk0", shape_of_efi_disk);
  shaper.group("tpmstate0", shape_of_tpm_state);
  shaper.members("disks", shape_of_drive);
  shaper.members("network", shape_of_card);
  shaper.members("usb", shape_of_usb);
  shaper.members("hostpci", shape_of_pci);
}

}  // namespace

Json shape_of_card(const Json& net) {
  Shaper shaper(net);
  shaper.put("model", text_or(net, "model", "virtio"));
  shaper.text("bridge");
  for (const std::string_view key : {"ip", "gw", "ip6", "gw6"}) shaper.lower_text(key);
  shaper.put("macaddr", shape_of_mac(get(net, "macaddr")));
  for (const std::string_view key : {"mtu", "rate", "tag", "queues"}) shaper.number(key);
  shaper.flag("firewall", false);
  shaper.flag("link_down", false);
  shaper.words("trunks", true);
  return shaper.take();
}

Json shape_of_drive(const Json& disk) {
  Shaper shaper(disk);
  shaper.text("cdrom");
  shaper.text("volume");
  if (get(disk, "volume").is_null() && get(disk, "cdrom").is_null()) {
    shaper.text("storage");
    shaper.size("size");
  }
  shaper.text("cache", "none");
  shaper.text("aio");
  for (const std::string_view key : {"discard", "ssd", "iothread", "ro"}) shaper.flag(key, false);
  for (const std::string_view key : {"backup", "replicate"}) shaper.flag(key, true);
  for (const std::string_view key : {"mbps_rd", "mbps_wr", "iops_rd", "iops_wr"}) {
    shaper.number(key);
    shaper.drop(key, 0);
  }
  return shaper.take();
}

Json shape_of_cloudinit(const Json& cloudinit) {
  Shaper shaper(cloudinit);
  shaper.text("storage");
  shaper.text("drive", k_cloudinit_drive);
  shaper.text("user");
  shaper.text("type");
  shaper.flag("upgrade", true);
  shaper.flag("outdated", false);
  if (!get(cloudinit, "ssh_keys").empty()) shaper.put("ssh_keys", get(cloudinit, "ssh_keys"));
  shaper.put("nameserver", lower_words(get(cloudinit, "nameserver")));
  shaper.put("searchdomain", lower_words(get(cloudinit, "searchdomain")));
  return shaper.take();
}

Json shape_of_machine(const Json& spec) {
  Shaper shaper(spec);
  shaper.number("vmid");
  shaper.put("state", text_or(spec, "state", "started"));
  shaper.text("name");
  shaper.told_flag("onboot", false);
  shaper.told_flag("protection", false);
  shape_processor(shaper);
  shaper.put("memory", "512MiB");
  shaper.size("memory");
  shaper.size("balloon");
  shape_hardware(shaper);
  shaper.group("cloudinit", shape_of_cloudinit);
  shaper.group("startup", shape_of_startup);
  shaper.words("boot", false);
  shaper.put("tags", tag_set(get(spec, "tags")));
  shaper.put("description", shape_of_description(trimmed(get(spec, "description"))));
  return shaper.take();
}

}  // namespace aegis::proxmox
