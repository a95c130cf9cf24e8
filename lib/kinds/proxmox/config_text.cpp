#include "kinds/proxmox/config_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/property_string.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::array<std::string_view, 1> k_net_first{"name"};
constexpr std::array<std::string_view, 2> k_disk_first{"volume", "mp"};
constexpr std::int64_t k_mebibyte = std::int64_t{1} << 20;

// Booleans as 1 and 0, lists with ';', everything else as it is.
std::string property_text(const Json& value) {
  return value.is_array() ? join(words_of(value), ";") : as_text(value);
}

// Sets what `members` has of `names`, and takes away what it has not.
template <class Names>
void overwrite(Properties& properties, const Json& members, const Names& names) {
  for (const std::string_view name : names) {
    const Json& value = get(members, name);
    if (value.is_null()) {
      properties.erase(std::string(name));
    } else {
      properties[std::string(name)] = property_text(value);
    }
  }
}

bool fits(const Json& disk, const std::string& volume) {
  if (volume.empty()) return false;
  const std::string wanted = text_or(disk, "volume");
  if (!wanted.empty()) return volume == wanted;
  return volume.starts_with(text_or(disk, "storage") + ":");
}

std::string new_volume(const Json& disk) {
  std::string wanted = text_or(disk, "volume");
  if (!wanted.empty()) return wanted;
  const auto size = parse_size(as_text(get(disk, "size"))).value_or(0);
  return fmt::format("{}:{}", text_or(disk, "storage"), print_gibibytes(size));
}

std::string whole_mebibytes(const Json& size) {
  const auto bytes = parse_size(as_text(size));
  return bytes ? fmt::format("{}", (*bytes + k_mebibyte - 1) / k_mebibyte) : as_text(size);
}

std::optional<std::string> non_empty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::string features_text(const Json& features, std::string_view live) {
  constexpr std::array<std::string_view, 6> k_known{
      "nesting", "keyctl", "fuse", "mknod", "force_rw_sys", "mount"};
  Properties properties = parse_properties(live);
  overwrite(properties, features, k_known);
  return print_properties(properties);
}

std::string startup_text(const Json& startup, std::string_view live) {
  constexpr std::array<std::string_view, 3> k_known{"order", "up", "down"};
  Properties properties = parse_properties(live, "order");
  overwrite(properties, startup, k_known);
  return print_properties(properties, k_known);
}

// The allocation form: "local-zfs:4".
bool asks_for_new_volume(std::string_view volume) {
  const std::size_t colon = volume.find(':');
  if (colon == std::string_view::npos || volume.starts_with('/')) return false;
  const std::string_view size = volume.substr(colon + 1);
  return !size.empty() && size.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_allocated(std::string_view wish, const Properties& read) {
  const std::size_t colon = wish.find(':');
  const auto volume = read.find("volume");
  if (volume == read.end() || !volume->second.starts_with(wish.substr(0, colon + 1))) return false;
  return !asks_for_new_volume(volume->second);
}

// What Proxmox adds by itself.
bool is_generated(std::string_view property) {
  return property == "hwaddr" || property == "type" || property == "size";
}

bool same_properties(std::string_view key, const Properties& sent, const Properties& read) {
  const bool as_sent = std::all_of(sent.begin(), sent.end(), [&](const auto& property) {
    const auto& [name, value] = property;
    const auto found = read.find(name);
    if (name == "volume" && asks_for_new_volume(value)) return is_allocated(value, read);
    if (name == "size" && is_indexed(key, "mp")) return true;  // read from the storage
    return found != read.end() && to_lower(found->second) == to_lower(value);
  });
  return as_sent && std::all_of(read.begin(), read.end(), [&](const auto& property) {
           return is_generated(property.first) || sent.contains(property.first);
         });
}

}  // namespace

std::string net_text(std::string_view name, const Json& net, std::string_view live) {
  constexpr std::array<std::string_view, 11> k_known{
      "bridge", "ip", "gw", "ip6", "gw6", "firewall", "mtu", "rate", "tag", "trunks", "link_down"};
  Properties properties = parse_properties(live);
  overwrite(properties, net, k_known);
  properties["name"] = name;
  // Without an address Proxmox makes a new one up on every write, and the interface anew.
  const std::string mac = text_or(net, "hwaddr");
  if (!mac.empty()) properties["hwaddr"] = mac;
  return print_properties(properties, k_net_first);
}

std::string disk_text(const Json& disk, std::string_view live) {
  constexpr std::array<std::string_view, 8> k_known{
      "mp", "backup", "ro", "acl", "quota", "replicate", "shared", "mountoptions"};
  Properties properties = parse_properties(live, "volume");
  const std::string volume = properties["volume"];
  if (fits(disk, volume)) {
    const auto size = parse_size(as_text(get(disk, "size")));
    if (size) properties["size"] = print_size(*size);
  } else {
    properties = {{"volume", new_volume(disk)}};
  }
  if (get(disk, "mp").is_null()) {
    // Of the root disk the manifest language knows less; the rest stays.
    constexpr std::array<std::string_view, 6> k_root{
        "acl", "quota", "replicate", "mountoptions", "ro", "shared"};
    overwrite(properties, disk, k_root);
  } else {
    overwrite(properties, disk, k_known);
  }
  return print_properties(properties, k_disk_first, "volume");
}

std::string device_text(const Json& device, std::string_view live) {
  constexpr std::array<std::string_view, 1> k_first{"path"};
  constexpr std::array<std::string_view, 4> k_known{"path", "mode", "uid", "gid"};
  Properties properties = parse_properties(live, "path");
  overwrite(properties, device, k_known);
  overwrite(properties, {{"deny-write", get(device, "deny_write")}}, std::array{"deny-write"});
  return print_properties(properties, k_first, "path");
}

std::optional<std::string> plain_text(std::string_view key,
                                      const Json& attributes,
                                      std::string_view live) {
  const Json& value = get(attributes, key);
  if (key == "memory" || key == "swap") return whole_mebibytes(value);
  if (key == "balloon") return non_empty(value.is_null() ? "" : whole_mebibytes(value));
  if (key == "features") return non_empty(features_text(value, live));
  if (key == "startup") return non_empty(startup_text(value, live));
  if (key == "tags") return non_empty(join(words_of(value), ";"));
  if (key == "nameserver" || key == "searchdomain") return non_empty(join(words_of(value), " "));
  if (key == "console") {
    return value == false ? std::optional<std::string>("0") : std::nullopt;
  }
  // Off is what Proxmox assumes without the key.
  if (value.is_boolean()) return value == true ? std::optional<std::string>("1") : std::nullopt;
  return non_empty(as_text(value));
}

std::string volume_of(std::string_view text) {
  return parse_properties(text, "volume")["volume"];
}

std::optional<std::int64_t> size_of(std::string_view text) {
  const Properties disk = parse_properties(text, "volume");
  const auto size = disk.find("size");
  return size == disk.end() ? std::nullopt : parse_size(size->second);
}

bool fulfils(std::string_view key, std::string_view sent, std::string_view read) {
  if (sent == read) return true;
  if (is_indexed(key, "net") || key == "features") {
    return same_properties(key, parse_properties(sent), parse_properties(read));
  }
  if (is_indexed(key, "mp") || key == "rootfs") {
    return same_properties(key, parse_properties(sent, "volume"), parse_properties(read, "volume"));
  }
  if (is_indexed(key, "dev")) {
    return same_properties(key, parse_properties(sent, "path"), parse_properties(read, "path"));
  }
  if (key == "startup") {
    return same_properties(key, parse_properties(sent, "order"), parse_properties(read, "order"));
  }
  if (key == "tags") return tag_set(std::string(sent)) == tag_set(std::string(read));
  if (key == "nameserver" || key == "searchdomain") {
    return words_of(std::string(sent)) == words_of(std::string(read));
  }
  if (key == "description") return std::string(read) == std::string(sent) + "\n";
  const auto wanted = as_number(std::string(sent));
  const auto present = as_number(std::string(read));
  if (key == "cpuunits" && wanted && present) return true;  // cut to what the host can do
  return wanted && present && std::abs(*wanted - *present) < 1e-9;
}

}  // namespace aegis::proxmox
