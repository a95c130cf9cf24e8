#include "simulator/container_fields.h"

#include <array>

namespace aegis::simulator {
namespace {

using enum FieldType;

constexpr std::string_view k_mount_options =
    "(discard|lazytime|noatime|nodev|noexec|nosuid)(;(discard|lazytime|noatime|nodev|noexec|nosuid)"
    ")*";

const std::array k_net_members{
    Field{.name = "bridge", .pattern = "[-_.A-Za-z0-9]+"},
    Field{.name = "firewall", .type = boolean},
    Field{.name = "gw", .format = formats::ipv4},
    Field{.name = "gw6", .format = formats::ipv6},
    Field{.name = "hwaddr", .format = formats::mac_address},
    Field{.name = "ip", .format = formats::ipv4_config},
    Field{.name = "ip6", .format = formats::ipv6_config},
    Field{.name = "link_down", .type = boolean},
    Field{.name = "mtu", .type = integer, .minimum = 64, .maximum = 65535},
    Field{.name = "name", .required = true, .pattern = "[-_.A-Za-z0-9]+"},
    Field{.name = "rate", .type = number},
    Field{.name = "tag", .type = integer, .minimum = 1, .maximum = 4094},
    Field{.name = "trunks", .pattern = "[0-9]+(;[0-9]+)*"},
    Field{.name = "type", .choices = {"veth"}},
};

const std::array k_mount_point_members{
    Field{.name = "acl", .type = boolean},
    Field{.name = "backup", .type = boolean},
    Field{.name = "mountoptions", .pattern = k_mount_options},
    Field{.name = "mp", .required = true, .format = formats::mount_path},
    Field{.name = "quota", .type = boolean},
    Field{.name = "replicate", .type = boolean},
    Field{.name = "ro", .type = boolean},
    Field{.name = "shared", .type = boolean},
    Field{.name = "size", .format = formats::disk_size},
    Field{.name = "volume", .required = true, .format = formats::mount_path},
};

const std::array k_rootfs_members{
    Field{.name = "acl", .type = boolean},
    Field{.name = "mountoptions", .pattern = k_mount_options},
    Field{.name = "quota", .type = boolean},
    Field{.name = "replicate", .type = boolean},
    Field{.name = "ro", .type = boolean},
    Field{.name = "shared", .type = boolean},
    Field{.name = "size", .format = formats::disk_size},
    Field{.name = "volume", .required = true, .format = formats::mount_path},
};

const std::array k_features_members{
    Field{.name = "force_rw_sys", .type = boolean},
    Field{.name = "fuse", .type = boolean},
    Field{.name = "keyctl", .type = boolean},
    Field{.name = "mknod", .type = boolean},
    Field{.name = "mount", .pattern = "[a-zA-Z0-9_; ]+"},
    Field{.name = "nesting", .type = boolean},
};

const std::array k_device_members{
    Field{.name = "deny-write", .type = boolean},
    Field{.name = "gid", .type = integer, .minimum = 0},
    Field{.name = "mode", .pattern = "0[0-7]{3}"},
    Field{.name = "path", .format = formats::device_path},
    Field{.name = "uid", .type = integer, .minimum = 0},
};

const std::array k_unused_members{
    Field{.name = "volume", .required = true, .format = formats::volume_id},
};

const std::vector<Field>& keys() {
  static const std::vector<Field> k_keys{
      {.name = "arch", .choices = {"amd64", "i386", "arm64", "armhf", "riscv32", "riscv64"}},
      {.name = "cmode", .choices = {"shell", "console", "tty"}},
      {.name = "console", .type = boolean},
      {.name = "cores", .type = integer, .minimum = 1, .maximum = 8192},
      {.name = "cpulimit", .type = number, .minimum = 0, .maximum = 8192},
      {.name = "cpuunits", .type = integer, .minimum = 0, .maximum = 500000},
      {.name = "debug", .type = boolean},
      {.name = "description", .max_length = 8192},
      {.name = "dev", .members = k_device_members, .default_key = "path", .count = 256},
      {.name = "features", .members = k_features_members},
      {.name = "hookscript", .format = formats::volume_id},
      {.name = "hostname", .max_length = 255, .format = formats::dns_name},
      {.name = "lock",
       .choices = {"backup",
                   "create",
                   "destroyed",
                   "disk",
                   "fstrim",
                   "migrate",
                   "mounted",
                   "rollback",
                   "snapshot",
                   "snapshot-delete"}},
      {.name = "memory", .type = integer, .minimum = 16},
      {.name = "mp", .members = k_mount_point_members, .default_key = "volume", .count = 256},
      {.name = "nameserver", .type = list, .format = formats::ip},
      {.name = "net", .members = k_net_members, .count = 32},
      {.name = "onboot", .type = boolean},
      {.name = "ostype",
       .choices = {"debian",
                   "devuan",
                   "ubuntu",
                   "centos",
                   "fedora",
                   "opensuse",
                   "archlinux",
                   "alpine",
                   "gentoo",
                   "nixos",
                   "unmanaged"}},
      {.name = "protection", .type = boolean},
      {.name = "rootfs", .members = k_rootfs_members, .default_key = "volume"},
      {.name = "searchdomain", .type = list, .format = formats::dns_name},
      {.name = "startup", .format = formats::startup_order},
      {.name = "swap", .type = integer, .minimum = 0},
      {.name = "tags", .type = list, .format = formats::tag},
      {.name = "template", .type = boolean},
      {.name = "timezone", .format = formats::timezone},
      {.name = "tty", .type = integer, .minimum = 0, .maximum = 6},
      {.name = "unprivileged", .type = boolean},
      {.name = "unused", .members = k_unused_members, .default_key = "volume", .count = 256},
  };
  return k_keys;
}

std::vector<Field> keys_and(std::vector<Field> more) {
  std::vector<Field> fields = keys();
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

}  // namespace

std::span<const Field> container_fields() {
  return keys();
}

const Field* container_field(std::string_view key) {
  return find_field(keys(), key);
}

const Field& net_field() {
  return *container_field("net0");
}

const Field& mount_point_field() {
  return *container_field("mp0");
}

const Field& rootfs_field() {
  return *container_field("rootfs");
}

const Field& features_field() {
  return *container_field("features");
}

const Field& device_field() {
  return *container_field("dev0");
}

std::span<const Field> create_fields() {
  static const std::vector<Field> k_fields = keys_and({
      {.name = "node", .required = true, .format = formats::node},
      {.name = "vmid", .type = integer, .required = true, .format = formats::vmid},
      {.name = "ostemplate", .required = true, .max_length = 255},
      {.name = "bwlimit", .type = number, .minimum = 0},
      {.name = "force", .type = boolean},
      {.name = "ignore-unpack-errors", .type = boolean},
      {.name = "password", .min_length = 5},
      {.name = "pool", .format = formats::poolid},
      {.name = "restore", .type = boolean},
      {.name = "ssh-public-keys"},
      {.name = "start", .type = boolean},
      {.name = "storage", .format = formats::storage_id},
      {.name = "unique", .type = boolean, .needs = "restore"},
  });
  return k_fields;
}

std::span<const Field> update_fields() {
  static const std::vector<Field> k_fields = keys_and({
      {.name = "node", .required = true, .format = formats::node},
      {.name = "vmid", .type = integer, .required = true, .format = formats::vmid},
      {.name = "delete", .type = list},
      {.name = "digest", .max_length = 40},
      {.name = "revert", .type = list},
  });
  return k_fields;
}

}  // namespace aegis::simulator
