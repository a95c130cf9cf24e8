#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/schema.h"

namespace aegis::simulator {

struct Guest;
struct Machine;
struct World;

/// The models of network cards.
inline constexpr std::array<std::string_view, 14> k_net_models{"e1000",
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

/// The value of ideN, sataN, scsiN, virtioN, efidisk0 or tpmstate0.
struct Drive {
  /// What a file of the form STORAGE:GIGABYTES asks for; `storage` may be empty.
  struct Allocation {
    std::string storage;
    std::int64_t size = 0;
  };

  Parameters values;  ///< by member; "file" holds the volume

  [[nodiscard]] std::string value(std::string_view name) const;
  [[nodiscard]] std::string file() const { return value("file"); }
  [[nodiscard]] bool is_cdrom() const { return value("media") == "cdrom" || is_cloudinit(); }
  [[nodiscard]] bool is_cloudinit() const;
  [[nodiscard]] std::optional<Allocation> allocation() const;
  /// The file first, then the rest in alphabetical order.
  [[nodiscard]] std::string print() const;
};

/// Members of the drive strings.
std::span<const Field> drive_members();
std::span<const Field> efi_disk_members();
std::span<const Field> tpm_state_members();

bool is_drive_key(std::string_view key);
Drive parse_drive(std::string_view key, std::string_view text);

/// The devices of the boot order; empty for the old letters.
std::vector<std::string> boot_devices(const Guest& guest);
std::string print_boot(const std::vector<std::string>& devices);

/// The order that Proxmox gives a machine that names none: first disk, first CD-ROM, first net.
std::string default_boot(const Machine& machine);

/// Makes what the drive string asks for (a new disk, a copy of an image, a cloud-init drive) and
/// gives the string as it is stored; or `problem`.
std::string realise_drive(World& world,
                          const Machine& machine,
                          const std::string& key,
                          const std::string& text,
                          std::string& problem);

/// Keeps the volume of a drive that goes away as unusedN; a cloud-init drive is destroyed.
void release_drive(World& world, Machine& machine, const Drive& drive);

/// Drops unusedN entries whose volume is attached again.
void forget_attached(Machine& machine);

/// A new volume of the guest, named as the storage's type names virtual disks; `base` of linked
/// clones is put in front.
std::string allocate_image(World& world,
                           std::string_view storage,
                           int vmid,
                           std::int64_t size,
                           std::string_view base = {});

}  // namespace aegis::simulator
