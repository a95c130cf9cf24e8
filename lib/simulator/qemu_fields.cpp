#include "simulator/qemu_fields.h"

#include <algorithm>
#include <array>

#include "simulator/qemu_drive.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

const std::array k_net_members{
    Field{.name = "model", .choices = {k_net_models.begin(), k_net_models.end()}},
    Field{.name = "bridge", .pattern = "[-_.\\w\\d]+"},
    Field{.name = "e1000", .format = formats::mac_address},
    Field{.name = "e1000-82540em", .format = formats::mac_address},
    Field{.name = "e1000-82544gc", .format = formats::mac_address},
    Field{.name = "e1000-82545em", .format = formats::mac_address},
    Field{.name = "e1000e", .format = formats::mac_address},
    Field{.name = "firewall", .type = boolean},
    Field{.name = "i82551", .format = formats::mac_address},
    Field{.name = "i82557b", .format = formats::mac_address},
    Field{.name = "i82559er", .format = formats::mac_address},
    Field{.name = "link_down", .type = boolean},
    Field{.name = "macaddr", .format = formats::mac_address},
    Field{.name = "mtu", .type = integer, .minimum = 1, .maximum = 65520},
    Field{.name = "ne2k_isa", .format = formats::mac_address},
    Field{.name = "ne2k_pci", .format = formats::mac_address},
    Field{.name = "pcnet", .format = formats::mac_address},
    Field{.name = "queues", .type = integer, .minimum = 0, .maximum = 64},
    Field{.name = "rate", .type = number, .minimum = 0},
    Field{.name = "rtl8139", .format = formats::mac_address},
    Field{.name = "tag", .type = integer, .minimum = 1, .maximum = 4094},
    Field{.name = "trunks", .pattern = "\\d+(-\\d+)?(;\\d+(-\\d+)?)*"},
    Field{.name = "virtio", .format = formats::mac_address},
    Field{.name = "vmxnet3", .format = formats::mac_address},
};

const std::array k_ipconfig_members{
    Field{.name = "gw", .format = formats::ipv4},
    Field{.name = "gw6", .format = formats::ipv6},
    Field{.name = "ip", .format = formats::ipv4_config},
    Field{.name = "ip6", .format = formats::ipv6_config},
};

const std::array k_agent_members{
    Field{.name = "enabled", .type = boolean, .required = true},
    Field{.name = "freeze-fs-on-backup", .type = boolean},
    Field{.name = "fstrim_cloned_disks", .type = boolean},
    Field{.name = "type", .choices = {"virtio", "isa"}},
};

const std::array k_cpu_members{
    Field{.name = "cputype", .pattern = "(custom-)?[a-zA-Z0-9._-]+"},
    Field{.name = "flags", .pattern = "[+-][a-zA-Z0-9_.-]+(;[+-][a-zA-Z0-9_.-]+)*"},
    Field{.name = "hidden", .type = boolean},
    Field{.name = "hv-vendor-id"},
    Field{.name = "phys-bits"},
    Field{.name = "reported-model"},
};

const std::array k_memory_members{
    Field{.name = "current", .type = integer, .required = true, .minimum = 16},
};

const std::array k_machine_members{
    Field{.name = "enable-s3", .type = boolean},
    Field{.name = "enable-s4", .type = boolean},
    Field{.name = "type",
          .max_length = 40,
          .pattern =
              "(pc|pc(-i440fx)?-\\d+(\\.\\d+)+(\\+pve\\d+)?(\\.pxe)?|q35|pc-q35-\\d+(\\.\\d+)"
              "+(\\+pve\\d+)?(\\.pxe)?|virt(?:-\\d+(\\.\\d+)+)?(\\+pve\\d+)?)"},
    Field{.name = "viommu", .choices = {"intel", "virtio"}},
};

const std::array k_vga_members{
    Field{.name = "clipboard", .choices = {"vnc"}},
    Field{.name = "memory", .type = integer, .minimum = 4, .maximum = 512},
    Field{.name = "type",
          .choices = {"cirrus",
                      "qxl",
                      "qxl2",
                      "qxl3",
                      "qxl4",
                      "none",
                      "serial0",
                      "serial1",
                      "serial2",
                      "serial3",
                      "std",
                      "virtio",
                      "virtio-gl",
                      "vmware"}},
};

const std::array k_boot_members{
    Field{.name = "legacy", .pattern = "[acdn]{1,4}"},
    Field{.name = "order", .pattern = "[a-z]+[0-9]+([;][a-z]+[0-9]+)*"},
};

const std::array k_rng_members{
    Field{.name = "max_bytes", .type = integer, .minimum = 0},
    Field{.name = "period", .type = integer},
    Field{.name = "source",
          .required = true,
          .choices = {"/dev/urandom", "/dev/random", "/dev/hwrng"}},
};

const std::array k_unused_members{
    Field{.name = "file", .required = true, .format = formats::volume_id},
};

const std::array k_usb_members{
    Field{.name = "host",
          .pattern = "(0x)?[0-9A-Fa-f]{4}:(0x)?[0-9A-Fa-f]{4}|\\d+-\\d+(\\.\\d+)*|[Ss][Pp][Ii]["
                     "Cc][Ee]"},
    Field{.name = "mapping", .format = formats::configid},
    Field{.name = "usb3", .type = boolean},
};

const std::array k_pci_members{
    Field{.name = "device-id", .pattern = "0x[0-9A-Fa-f]{4}"},
    Field{.name = "host",
          .pattern = "([0-9A-Fa-f]{4,}:)?[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}(\\.[0-9A-Fa-f])?(;([0-9A-Fa-"
                     "f]{4,}:)?[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}(\\.[0-9A-Fa-f])?)*"},
    Field{.name = "legacy-igd", .type = boolean},
    Field{.name = "mapping", .format = formats::configid},
    Field{.name = "mdev", .pattern = "[^/\\. ,]+"},
    Field{.name = "pcie", .type = boolean},
    Field{.name = "rombar", .type = boolean},
    Field{.name = "romfile", .pattern = "[^,;]+"},
    Field{.name = "sub-device-id", .pattern = "0x[0-9A-Fa-f]{4}"},
    Field{.name = "sub-vendor-id", .pattern = "0x[0-9A-Fa-f]{4}"},
    Field{.name = "vendor-id", .pattern = "0x[0-9A-Fa-f]{4}"},
    Field{.name = "x-vga", .type = boolean},
};

std::vector<Field> device_keys() {
  return {
      {.name = "efidisk0", .members = efi_disk_members(), .default_key = "file"},
      {.name = "hostpci", .members = k_pci_members, .default_key = "host", .count = 16},
      {.name = "ide", .members = drive_members(), .default_key = "file", .count = 4},
      {.name = "ipconfig", .members = k_ipconfig_members, .count = 32},
      {.name = "net", .members = k_net_members, .default_key = "model", .count = 32},
      {.name = "rng0", .members = k_rng_members, .default_key = "source"},
      {.name = "sata", .members = drive_members(), .default_key = "file", .count = 6},
      {.name = "scsi", .members = drive_members(), .default_key = "file", .count = 31},
      {.name = "serial", .pattern = "(/dev/.+|socket)", .count = 4},
      {.name = "tpmstate0", .members = tpm_state_members(), .default_key = "file"},
      {.name = "unused", .members = k_unused_members, .default_key = "file", .count = 256},
      {.name = "usb", .members = k_usb_members, .default_key = "host", .count = 14},
      {.name = "virtio", .members = drive_members(), .default_key = "file", .count = 16},
  };
}

std::vector<Field> hardware_keys() {
  return {
      {.name = "acpi", .type = boolean},
      {.name = "agent", .members = k_agent_members, .default_key = "enabled"},
      {.name = "args"},
      {.name = "balloon", .type = integer, .minimum = 0},
      {.name = "bios", .choices = {"seabios", "ovmf"}},
      {.name = "boot", .members = k_boot_members, .default_key = "legacy"},
      {.name = "cores", .type = integer, .minimum = 1},
      {.name = "cpu", .members = k_cpu_members, .default_key = "cputype"},
      {.name = "cpulimit", .type = number, .minimum = 0, .maximum = 128},
      {.name = "cpuunits", .type = integer, .minimum = 1, .maximum = 262144},
      {.name = "hotplug",
       .pattern = "[01]|(network|disk|cpu|memory|usb|cloudinit)(,(network|disk|"
                  "cpu|memory|usb|cloudinit))*"},
      {.name = "kvm", .type = boolean},
      {.name = "machine", .members = k_machine_members, .default_key = "type"},
      {.name = "memory", .members = k_memory_members, .default_key = "current"},
      {.name = "numa", .type = boolean},
      {.name = "scsihw",
       .choices =
           {"lsi", "lsi53c810", "virtio-scsi-pci", "virtio-scsi-single", "megasas", "pvscsi"}},
      {.name = "shares", .type = integer, .minimum = 0, .maximum = 50000},
      {.name = "smbios1", .max_length = 512},
      {.name = "sockets", .type = integer, .minimum = 1},
      {.name = "tablet", .type = boolean},
      {.name = "vcpus", .type = integer, .minimum = 1},
      {.name = "vga", .members = k_vga_members, .default_key = "type"},
      {.name = "vmgenid", .pattern = "[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}|[01]"},
      {.name = "watchdog"},
  };
}

std::vector<Field> general_keys() {
  return {
      {.name = "autostart", .type = boolean},
      {.name = "cicustom"},
      {.name = "cipassword"},
      {.name = "citype", .choices = {"configdrive2", "nocloud", "opennebula"}},
      {.name = "ciupgrade", .type = boolean},
      {.name = "ciuser"},
      {.name = "description", .max_length = 8192},
      {.name = "hookscript", .format = formats::volume_id},
      {.name = "localtime", .type = boolean},
      {.name = "lock",
       .choices = {"backup",
                   "clone",
                   "create",
                   "migrate",
                   "rollback",
                   "snapshot",
                   "snapshot-delete",
                   "suspending",
                   "suspended"}},
      {.name = "name", .format = formats::dns_name},
      {.name = "nameserver", .type = list, .format = formats::ip},
      {.name = "onboot", .type = boolean},
      {.name = "ostype",
       .choices = {"other",
                   "wxp",
                   "w2k",
                   "w2k3",
                   "w2k8",
                   "wvista",
                   "win7",
                   "win8",
                   "win10",
                   "win11",
                   "l24",
                   "l26",
                   "solaris"}},
      {.name = "protection", .type = boolean},
      {.name = "reboot", .type = boolean},
      {.name = "searchdomain"},
      {.name = "sshkeys", .pattern = "[-%a-zA-Z0-9_.!~*'()]*"},
      {.name = "startup", .format = formats::startup_order},
      {.name = "tags", .type = list, .format = formats::tag},
      {.name = "template", .type = boolean},
  };
}

const std::vector<Field>& keys() {
  static const std::vector<Field> k_keys = [] {
    std::vector<Field> all = device_keys();
    for (const Field& field : hardware_keys()) all.push_back(field);
    for (const Field& field : general_keys()) all.push_back(field);
    return all;
  }();
  return k_keys;
}

std::vector<Field> keys_and(std::vector<Field> more) {
  std::vector<Field> fields = keys();
  fields.insert(fields.end(), more.begin(), more.end());
  fields.push_back({.name = "node", .required = true, .format = formats::node});
  fields.push_back({.name = "vmid", .type = integer, .required = true, .format = formats::vmid});
  return fields;
}

std::vector<Field> update_parameters() {
  return {
      {.name = "delete", .type = list},
      {.name = "digest", .max_length = 40},
      {.name = "force", .type = boolean, .needs = "delete"},
      {.name = "revert", .type = list},
      {.name = "skiplock", .type = boolean},
  };
}

}  // namespace

const Field* machine_field(std::string_view key) {
  return find_field(keys(), key);
}

bool is_cloudinit_key(std::string_view key) {
  constexpr std::array<std::string_view, 8> k_keys{"cicustom",
                                                   "cipassword",
                                                   "citype",
                                                   "ciupgrade",
                                                   "ciuser",
                                                   "nameserver",
                                                   "searchdomain",
                                                   "sshkeys"};
  return std::find(k_keys.begin(), k_keys.end(), key) != k_keys.end() ||
         key.starts_with("ipconfig");
}

std::span<const Field> create_machine_fields() {
  static const std::vector<Field> k_fields = keys_and({
      {.name = "archive", .max_length = 255},
      {.name = "bwlimit", .type = integer, .minimum = 0},
      {.name = "force", .type = boolean, .needs = "archive"},
      {.name = "pool", .format = formats::poolid},
      {.name = "start", .type = boolean},
      {.name = "storage", .format = formats::storage_id},
      {.name = "unique", .type = boolean, .needs = "archive"},
  });
  return k_fields;
}

std::span<const Field> update_machine_fields() {
  static const std::vector<Field> k_fields = keys_and(update_parameters());
  return k_fields;
}

std::span<const Field> update_machine_later_fields() {
  static const std::vector<Field> k_fields = [] {
    std::vector<Field> more = update_parameters();
    more.push_back({.name = "background_delay", .type = integer, .minimum = 1, .maximum = 30});
    return keys_and(std::move(more));
  }();
  return k_fields;
}

}  // namespace aegis::simulator
