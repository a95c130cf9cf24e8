#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aegis::simulator {

/// Checks one value; what is wrong with it in Proxmox's words, or nothing when it is right.
using FormatCheck = std::optional<std::string> (*)(std::string_view);

/// The formats of Proxmox's parameter schemas, named after them ("pve-vmid" -> vmid).
namespace formats {

std::optional<std::string> vmid(std::string_view text);
std::optional<std::string> node(std::string_view text);
std::optional<std::string> configid(std::string_view text);
std::optional<std::string> storage_id(std::string_view text);
std::optional<std::string> volume_id(std::string_view text);
std::optional<std::string> poolid(std::string_view text);
std::optional<std::string> userid(std::string_view text);
std::optional<std::string> tokenid(std::string_view text);  ///< a full one, "user@realm!name"
std::optional<std::string> roleid(std::string_view text);
std::optional<std::string> groupid(std::string_view text);
std::optional<std::string> email(std::string_view text);  ///< empty is right too
std::optional<std::string> dns_name(std::string_view text);
std::optional<std::string> ipv4(std::string_view text);
std::optional<std::string> ipv6(std::string_view text);
std::optional<std::string> ip(std::string_view text);
std::optional<std::string> ipv4_config(std::string_view text);  ///< CIDR, "dhcp" or "manual"
std::optional<std::string> ipv6_config(std::string_view text);  ///< CIDR, "auto", "dhcp", "manual"
std::optional<std::string> mac_address(std::string_view text);
std::optional<std::string> tag(std::string_view text);
std::optional<std::string> startup_order(std::string_view text);
std::optional<std::string> timezone(std::string_view text);
std::optional<std::string> mount_path(std::string_view text);
std::optional<std::string> device_path(std::string_view text);
std::optional<std::string> disk_size(std::string_view text);
std::optional<std::string> content_type(std::string_view text);
std::optional<std::string> calendar_event(std::string_view text);
std::optional<std::string> absolute_path(std::string_view text);
std::optional<std::string> server(std::string_view text);  ///< an address or a DNS name
std::optional<std::string> volume_group(std::string_view text);
std::optional<std::string> mount_options(std::string_view text);

}  // namespace formats
}  // namespace aegis::simulator
