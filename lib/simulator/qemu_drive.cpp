#include "simulator/qemu_drive.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>

#include "base/text.h"
#include "simulator/mount_point.h"
#include "simulator/property_string.h"
#include "simulator/qemu_fields.h"
#include "simulator/world.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

constexpr std::int64_t k_mebibyte = 1 << 20;
constexpr std::int64_t k_cloudinit_size = 4 * k_mebibyte;
constexpr std::int64_t k_tpm_size = 4 * k_mebibyte;

const std::array k_drive_members{
    Field{.name = "file", .required = true},
    Field{.name = "aio", .choices = {"native", "threads", "io_uring"}},
    Field{.name = "backup", .type = boolean},
    Field{.name = "cache",
          .choices = {"none", "writethrough", "writeback", "unsafe", "directsync"}},
    Field{.name = "detect_zeroes", .type = boolean},
    Field{.name = "discard", .choices = {"ignore", "on"}},
    Field{.name = "format", .choices = {"raw", "qcow", "qed", "qcow2", "vmdk", "cloop"}},
    Field{.name = "import-from"},
    Field{.name = "iops_rd", .type = integer},
    Field{.name = "iops_wr", .type = integer},
    Field{.name = "iothread", .type = boolean},
    Field{.name = "mbps_rd", .type = number},
    Field{.name = "mbps_wr", .type = number},
    Field{.name = "media", .choices = {"cdrom", "disk"}},
    Field{.name = "replicate", .type = boolean},
    Field{.name = "ro", .type = boolean},
    Field{.name = "serial", .max_length = 60},
    Field{.name = "shared", .type = boolean},
    Field{.name = "size", .format = formats::disk_size},
    Field{.name = "snapshot", .type = boolean},
    Field{.name = "ssd", .type = boolean},
};

const std::array k_efi_members{
    Field{.name = "file", .required = true},
    Field{.name = "efitype", .choices = {"2m", "4m"}},
    Field{.name = "format", .choices = {"raw", "qcow", "qed", "qcow2", "vmdk", "cloop"}},
    Field{.name = "import-from"},
    Field{.name = "pre-enrolled-keys", .type = boolean},
    Field{.name = "size", .format = formats::disk_size},
};

const std::array k_tpm_members{
    Field{.name = "file", .required = true},
    Field{.name = "import-from"},
    Field{.name = "size", .format = formats::disk_size},
    Field{.name = "version", .choices = {"v1.2", "v2.0"}},
};

bool keeps_files(const World& world, std::string_view storage) {
  const StorageOptions* found = world.storages.find(storage);
  constexpr std::array<std::string_view, 4> k_volumes{"zfspool", "lvm", "lvmthin", "rbd"};
  return found != nullptr &&
         std::find(k_volumes.begin(), k_volumes.end(), found->type) == k_volumes.end();
}

std::string cloudinit_volume(const World& world, std::string_view storage, int vmid) {
  const std::string name = fmt::format("vm-{}-cloudinit", vmid);
  if (!keeps_files(world, storage)) return fmt::format("{}:{}", storage, name);
  return fmt::format("{}:{}/{}.qcow2", storage, vmid, name);
}

std::string cloudinit_key(const Machine& machine, const std::string& besides) {
  for (const ConfigMap* values : {&machine.config, &machine.pending}) {
    for (const auto& [key, value] : *values) {
      const bool other = is_drive_key(key) && key != besides;
      if (other && parse_drive(key, value).is_cloudinit()) return key;
    }
  }
  return {};
}

// Firmware variables have the size of their image, at least a block of the storage.
std::int64_t size_of_new(const World& world,
                         const std::string& key,
                         const Drive& drive,
                         const Drive::Allocation& wanted) {
  if (key == "tpmstate0") return k_tpm_size;
  if (key != "efidisk0") return wanted.size;
  if (!keeps_files(world, wanted.storage)) return k_mebibyte;
  return (drive.value("efitype") == "4m" ? std::int64_t{528} : std::int64_t{128}) * 1024;
}

// A linked clone's name stands behind its base's.
bool is_taken(const World& world, std::string_view storage, const std::string& name) {
  const auto& volumes = world.storages.volumes;
  return std::any_of(volumes.begin(), volumes.end(), [&](const auto& entry) {
    const std::string_view id = entry.first;
    const std::string_view last = id.substr(id.find_last_of(":/") + 1);
    return storage_of(id) == storage && last.substr(0, last.find('.')) == name;
  });
}

// By the order of `prefixes` and then by number: scsi2 comes before scsi10.
template <class Predicate>
std::string first_of(const Machine& machine,
                     std::initializer_list<std::string_view> prefixes,
                     Predicate is_wanted) {
  constexpr int k_most = 32;
  for (const std::string_view prefix : prefixes) {
    for (int number = 0; number < k_most; ++number) {
      const auto found = machine.config.find(fmt::format("{}{}", prefix, number));
      if (found != machine.config.end() && is_wanted(*found)) return found->first;
    }
  }
  return {};
}

bool is_attached(const Machine& machine, const std::string& volume) {
  return std::any_of(machine.config.begin(), machine.config.end(), [&](const auto& entry) {
    return is_drive_key(entry.first) && parse_drive(entry.first, entry.second).file() == volume;
  });
}

}  // namespace

std::string Drive::value(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

bool Drive::is_cloudinit() const {
  static const std::regex k_name("(.*[:/])?(vm-[0-9]+-)?cloudinit(\\.[a-z0-9]+)?");
  return std::regex_match(file(), k_name);
}

std::optional<Drive::Allocation> Drive::allocation() const {
  static const std::regex k_pattern("(?:([^/:\\s]+):)?([0-9]+(?:\\.[0-9]+)?)");
  const std::string source = file();
  std::smatch match;
  if (!std::regex_match(source, match, k_pattern)) return std::nullopt;
  constexpr double k_gibibyte = 1 << 30;
  const double bytes = std::strtod(match[2].str().c_str(), nullptr) * k_gibibyte;
  return Allocation{match[1].str(), static_cast<std::int64_t>(std::llround(bytes))};
}

std::string Drive::print() const {
  return print_property_string(values, "file", "");
}

std::span<const Field> drive_members() {
  return k_drive_members;
}

std::span<const Field> efi_disk_members() {
  return k_efi_members;
}

std::span<const Field> tpm_state_members() {
  return k_tpm_members;
}

bool is_drive_key(std::string_view key) {
  return key == "efidisk0" || key == "tpmstate0" || is_indexed(key, "ide") ||
         is_indexed(key, "sata") || is_indexed(key, "scsi") || is_indexed(key, "virtio");
}

Drive parse_drive(std::string_view key, std::string_view text) {
  return {parse_property_string(*machine_field(key), text).values};
}

std::vector<std::string> boot_devices(const Guest& guest) {
  constexpr std::string_view k_order = "order=";
  const std::string boot = guest.value("boot");
  if (!boot.starts_with(k_order)) return {};
  return split_any(std::string_view(boot).substr(k_order.size()), ";");
}

std::string print_boot(const std::vector<std::string>& devices) {
  if (devices.empty()) return {};
  return fmt::format("order={}", join(devices, ";"));
}

std::string default_boot(const Machine& machine) {
  std::vector<std::string> devices;
  for (const bool cdrom : {false, true}) {
    const std::string first =
        first_of(machine, {"ide", "scsi", "virtio", "sata"}, [&](auto& entry) {
          return parse_drive(entry.first, entry.second).is_cdrom() == cdrom;
        });
    if (!first.empty()) devices.push_back(first);
  }
  const std::string net = first_of(machine, {"net"}, [](auto&) { return true; });
  if (!net.empty()) devices.push_back(net);
  return print_boot(devices);
}

std::string realise_drive(World& world,
                          const Machine& machine,
                          const std::string& key,
                          const std::string& text,
                          std::string& problem) {
  auto& volumes = world.storages.volumes;
  Drive drive = parse_drive(key, text);
  const std::string file = drive.file();
  if (file == "none" || file == "cdrom") {
    drive.values.erase("size");
  } else if (file.ends_with(":cloudinit")) {
    const std::string other = cloudinit_key(machine, key);
    if (!other.empty()) {
      problem = fmt::format("{} - cloud-init drive is already attached at '{}'", key, other);
      return {};
    }
    const std::string volume = cloudinit_volume(world, storage_of(file), machine.vmid);
    volumes[volume] = {"images", k_cloudinit_size, machine.vmid, world.now_seconds()};
    drive.values["file"] = volume;
    drive.values["media"] = "cdrom";
    drive.values.erase("format");
  } else if (const auto wanted = drive.allocation()) {
    std::int64_t size = size_of_new(world, key, drive, *wanted);
    if (const std::string source = drive.value("import-from"); !source.empty()) {
      const auto image = volumes.find(source);
      if (image == volumes.end()) {
        problem = fmt::format("cannot import from '{0}' - volume '{0}' does not exist", source);
        return {};
      }
      size = image->second.size;
    }
    drive.values["file"] = allocate_image(world, wanted->storage, machine.vmid, size);
    drive.values["size"] = format_disk_size(size);
    drive.values.erase("format");
    drive.values.erase("import-from");
  } else {
    const auto volume = volumes.find(file);
    if (volume == volumes.end()) {
      problem = fmt::format("volume {} does not exist", file);
      return {};
    }
    if (!drive.is_cloudinit()) drive.values["size"] = format_disk_size(volume->second.size);
  }
  return drive.print();
}

void release_drive(World& world, Machine& machine, const Drive& drive) {
  const std::string file = drive.file();
  if (is_attached(machine, file)) return;
  if (drive.is_cloudinit()) {
    world.storages.volumes.erase(file);
    machine.generated.clear();
    return;
  }
  const auto volume = world.storages.volumes.find(file);
  const bool ours = volume != world.storages.volumes.end() && volume->second.vmid == machine.vmid;
  if (drive.is_cdrom() || !ours) return;
  for (int number = 0;; ++number) {
    if (machine.config.emplace(fmt::format("unused{}", number), file).second) return;
  }
}

void forget_attached(Machine& machine) {
  std::erase_if(machine.config, [&](const auto& entry) {
    return is_indexed(entry.first, "unused") && is_attached(machine, entry.second);
  });
}

std::string allocate_image(
    World& world, std::string_view storage, int vmid, std::int64_t size, std::string_view base) {
  const bool files = keeps_files(world, storage);
  for (int number = 0;; ++number) {
    const std::string name = fmt::format("vm-{}-disk-{}", vmid, number);
    std::string id = fmt::format("{}:{}{}", storage, base, base.empty() ? "" : "/");
    id += files ? fmt::format("{}/{}.raw", vmid, name) : name;
    if (is_taken(world, storage, name)) continue;
    world.storages.volumes[id] = {"images", size, vmid, world.now_seconds()};
    return id;
  }
}

}  // namespace aegis::simulator
