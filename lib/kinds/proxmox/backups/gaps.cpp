#include "kinds/proxmox/backups/gaps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

constexpr std::array<std::string_view, 4> k_buses{"ide", "sata", "scsi", "virtio"};

bool is_on(const Properties& properties, std::string_view name, bool otherwise) {
  const auto found = properties.find(name);
  return found == properties.end() ? otherwise : as_bool(found->second).value_or(otherwise);
}

std::optional<Gap> gap_of_mount_point(const std::string& key, const std::string& text) {
  const Properties properties = parse_properties(text, "volume");
  const auto target = properties.find("mp");
  const std::string part =
      fmt::format("{} ({})", key, target == properties.end() ? "" : target->second);
  const std::string volume = volume_of(text);
  if (volume.starts_with('/')) {
    return Gap{part, fmt::format("the host's {}, which no backup of a guest holds", volume), false};
  }
  if (is_on(properties, "backup", false)) return std::nullopt;
  return Gap{part, "its `backup` is not on", true};
}

std::optional<Gap> gap_of_disk(const std::string& key, const std::string& text) {
  const Properties properties = parse_properties(text, "file");
  const auto media = properties.find("media");
  const bool is_medium = media != properties.end() && media->second == "cdrom";
  if (is_medium || is_on(properties, "backup", true)) return std::nullopt;
  return Gap{key, "its `backup` is off", true};
}

std::optional<Gap> gap_of(const std::string& key,
                          const std::string& text,
                          const GuestSystem& system) {
  if (is_indexed(key, "unused")) return Gap{key, "a disk that is not in use", true};
  if (&system == &container_system()) {
    return is_indexed(key, "mp") ? gap_of_mount_point(key, text) : std::nullopt;
  }
  const bool is_disk = std::any_of(
      k_buses.begin(), k_buses.end(), [&](std::string_view bus) { return is_indexed(key, bus); });
  return is_disk ? gap_of_disk(key, text) : std::nullopt;
}

}  // namespace

std::vector<Gap> gaps_of(const ConfigMap& config, const GuestSystem& system) {
  std::vector<Gap> gaps;
  for (const auto& [key, text] : config) {
    if (auto gap = gap_of(key, text, system)) gaps.push_back(std::move(*gap));
  }
  return gaps;
}

}  // namespace aegis::proxmox
