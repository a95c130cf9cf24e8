#include "simulator/mount_point.h"

#include <cmath>
#include <cstdlib>
#include <regex>

#include "simulator/container_fields.h"
#include "simulator/property_string.h"

namespace aegis::simulator {

std::string MountPoint::volume() const {
  const auto found = values.find("volume");
  return found == values.end() ? "" : found->second;
}

std::string_view MountPoint::type() const {
  const std::string source = volume();
  if (source.starts_with("/dev/")) return "device";
  return source.starts_with('/') ? "bind" : "volume";
}

std::optional<MountPoint::Allocation> MountPoint::allocation() const {
  static const std::regex k_pattern("(?:([^:\\s]+):)?([0-9]+(?:\\.[0-9]+)?)");
  const std::string source = volume();
  std::smatch match;
  if (!std::regex_match(source, match, k_pattern)) return std::nullopt;
  constexpr double k_gibibyte = 1 << 30;
  const double bytes = std::strtod(match[2].str().c_str(), nullptr) * k_gibibyte;
  return Allocation{match[1].str(), static_cast<std::int64_t>(std::llround(bytes))};
}

std::string MountPoint::print() const {
  return print_property_string(values, "volume", "mp");
}

MountPoint parse_mount_point(std::string_view key, std::string_view value) {
  const Field& field = key == "rootfs" ? rootfs_field() : mount_point_field();
  return {parse_property_string(field, value).values};
}

bool is_mount_key(std::string_view key) {
  return key == "rootfs" || is_indexed(key, "mp");
}

bool is_indexed(std::string_view key, std::string_view prefix) {
  return key.starts_with(prefix) && key.size() > prefix.size() &&
         key.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos;
}

}  // namespace aegis::simulator
