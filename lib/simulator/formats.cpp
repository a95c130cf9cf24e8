#include "simulator/formats.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <regex>

namespace aegis::simulator::formats {
namespace {

using Complaint = std::optional<std::string>;

bool matches(std::string_view text, const std::regex& pattern) {
  return std::regex_match(text.begin(), text.end(), pattern);
}

Complaint unless(bool right, std::string complaint) {
  if (right) return {};
  return complaint;
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return inet_pton(family, std::string(text).c_str(), parsed.data()) == 1;
}

bool is_cidr(int family, std::string_view text, int widest, int narrowest) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || !is_address(family, text.substr(0, slash))) return false;
  const std::string_view bits = text.substr(slash + 1);
  static const std::regex k_number("[0-9]{1,3}");
  if (!matches(bits, k_number)) return false;
  const int length = std::atoi(std::string(bits).c_str());
  return length >= widest && length <= narrowest;
}

}  // namespace

Complaint vmid(std::string_view text) {
  static const std::regex k_pattern("[1-9][0-9]{2,8}");
  return unless(matches(text, k_pattern), "value does not look like a valid VM ID");
}

Complaint node(std::string_view text) {
  static const std::regex k_pattern("[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?");
  return unless(matches(text, k_pattern), "value does not look like a valid node name");
}

Complaint configid(std::string_view text) {
  static const std::regex k_pattern("[A-Za-z][A-Za-z0-9_-]+");
  return unless(matches(text, k_pattern), fmt::format("invalid configuration ID '{}'", text));
}

Complaint storage_id(std::string_view text) {
  static const std::regex k_pattern("[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]");
  return unless(matches(text, k_pattern),
                fmt::format("storage ID '{}' contains illegal characters", text));
}

Complaint volume_id(std::string_view text) {
  static const std::regex k_pattern("[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]:.+");
  return unless(matches(text, k_pattern), fmt::format("unable to parse volume ID '{}'", text));
}

Complaint poolid(std::string_view text) {
  static const std::regex k_pattern("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+){0,2}");
  return unless(matches(text, k_pattern),
                fmt::format("pool name '{}' contains invalid characters", text));
}

Complaint userid(std::string_view text) {
  static const std::regex k_pattern("[^\\s:/!]+@[A-Za-z][A-Za-z0-9._-]+");
  return unless(matches(text, k_pattern),
                fmt::format("value '{}' does not look like a valid user name", text));
}

Complaint tokenid(std::string_view text) {
  static const std::regex k_pattern("[^\\s:/!]+@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]+");
  return unless(matches(text, k_pattern),
                fmt::format("value '{}' does not look like a valid token ID", text));
}

Complaint roleid(std::string_view text) {
  static const std::regex k_pattern("[A-Za-z0-9._-]+");
  return unless(matches(text, k_pattern),
                fmt::format("role name '{}' contains invalid characters", text));
}

Complaint groupid(std::string_view text) {
  static const std::regex k_pattern("[A-Za-z0-9._-]+");
  return unless(matches(text, k_pattern),
                fmt::format("group name '{}' contains invalid characters", text));
}

Complaint email(std::string_view text) {
  static const std::regex k_pattern("[\\w+~-]+(\\.[\\w+~-]+)*@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");
  return unless(text.empty() || matches(text, k_pattern),
                "value does not look like a valid email address");
}

Complaint dns_name(std::string_view text) {
  static const std::regex k_pattern(
      "([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
      ")*");
  return unless(matches(text, k_pattern), "value does not look like a valid DNS name");
}

Complaint ipv4(std::string_view text) {
  return unless(is_address(AF_INET, text), "value does not look like a valid IPv4 address");
}

Complaint ipv6(std::string_view text) {
  return unless(is_address(AF_INET6, text), "value does not look like a valid IPv6 address");
}

Complaint ip(std::string_view text) {
  return unless(is_address(AF_INET, text) || is_address(AF_INET6, text),
                "value does not look like a valid IP address");
}

Complaint ipv4_config(std::string_view text) {
  return unless(text == "dhcp" || text == "manual" || is_cidr(AF_INET, text, 8, 32),
                "value does not look like a valid ipv4 network configuration");
}

Complaint ipv6_config(std::string_view text) {
  const bool word = text == "auto" || text == "dhcp" || text == "manual";
  return unless(word || is_cidr(AF_INET6, text, 8, 128),
                "value does not look like a valid ipv6 network configuration");
}

Complaint mac_address(std::string_view text) {
  static const std::regex k_pattern("[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}");
  return unless(matches(text, k_pattern), "value does not look like a valid unicast MAC address");
}

Complaint tag(std::string_view text) {
  static const std::regex k_pattern("[a-zA-Z0-9_][a-zA-Z0-9_+.-]*");
  return unless(matches(text, k_pattern), "invalid characters in tag");
}

Complaint startup_order(std::string_view text) {
  static const std::regex k_pattern(
      "((order=)?[0-9]+|up=[0-9]+|down=[0-9]+)(,((order=)?[0-9]+|up=[0-9]+|down=[0-9]+))*");
  return unless(matches(text, k_pattern), "unable to parse startup options");
}

Complaint timezone(std::string_view text) {
  static const std::regex k_pattern(
      "host|UTC|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)"
      "(/[A-Za-z_+-]+){1,2}");
  return unless(matches(text, k_pattern), fmt::format("invalid time zone '{}'", text));
}

Complaint mount_path(std::string_view text) {
  const std::string guarded = fmt::format("/{}/", text);
  const bool climbs = guarded.find("/../") != std::string::npos ||
                      guarded.find("/./") != std::string::npos || text.ends_with(',');
  return unless(!climbs, fmt::format("{} contains illegal character sequences", text));
}

Complaint device_path(std::string_view text) {
  const bool right = text.starts_with("/dev/") && !mount_path(text);
  return unless(right, fmt::format("{} is not a valid device path", text));
}

Complaint disk_size(std::string_view text) {
  static const std::regex k_pattern("[0-9]+(\\.[0-9]+)?[KMGT]?");
  return unless(matches(text, k_pattern),
                fmt::format("value does not look like a valid disk size: {}", text));
}

Complaint content_type(std::string_view text) {
  constexpr std::array<std::string_view, 8> k_types{
      "images", "rootdir", "vztmpl", "iso", "backup", "snippets", "import", "none"};
  return unless(std::find(k_types.begin(), k_types.end(), text) != k_types.end(),
                fmt::format("invalid content type '{}'", text));
}

Complaint absolute_path(std::string_view text) {
  static const std::regex k_pattern("/[A-Za-z0-9_./+@~:-]*");
  return unless(matches(text, k_pattern), "value does not look like a valid absolute path");
}

Complaint server(std::string_view text) {
  return unless(!ip(text) || !dns_name(text),
                "value does not look like a valid server name or IP address");
}

Complaint volume_group(std::string_view text) {
  static const std::regex k_pattern("[A-Za-z0-9_.+-]+");
  return unless(matches(text, k_pattern),
                fmt::format("lvm name '{}' contains illegal characters", text));
}

Complaint mount_options(std::string_view text) {
  static const std::regex k_pattern("[^\\s,]+(,[^\\s,]+)*");
  return unless(matches(text, k_pattern), fmt::format("invalid options {}", text));
}

Complaint calendar_event(std::string_view text) {
  static const std::regex k_word(
      "minutely|hourly|daily|weekly|monthly|quarterly|semiannually|semi-annually|yearly|annually");
  static const std::regex k_pattern(
      "((mon|tue|wed|thu|fri|sat|sun)[a-z]*((,|-|\\.\\.)(mon|tue|wed|thu|fri|sat|sun)[a-z]*)* ?)?"
      "([0-9*,./]+(-[0-9*,./]+){1,2} ?)?"
      "([0-9*,./]+(:[0-9*,./]+){0,2})?( [A-Za-z/_]+)?",
      std::regex::icase);
  const bool right = matches(text, k_word) || (!text.empty() && matches(text, k_pattern));
  return unless(right, fmt::format("unable to parse calendar event '{}'", text));
}

}  // namespace aegis::simulator::formats
