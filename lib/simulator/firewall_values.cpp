#include "simulator/firewall_values.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <regex>
#include <utility>

#include "base/text.h"
#include "simulator/formats.h"

namespace aegis::simulator {
namespace {

using Complaint = std::optional<std::string>;

bool matches(std::string_view text, const std::regex& pattern) {
  return std::regex_match(text.begin(), text.end(), pattern);
}

bool is_name(std::string_view text) {
  static const std::regex k_name("((dc|guest)/)?[A-Za-z][A-Za-z0-9_-]+");
  return matches(text, k_name);
}

bool is_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const bool v4 = !formats::ipv4(host);
  if (!v4 && formats::ipv6(host)) return false;
  if (slash == std::string_view::npos) return true;
  const std::string prefix(text.substr(slash + 1));
  const bool digits = !prefix.empty() && prefix.size() < 4 &&
                      prefix.find_first_not_of("0123456789") == std::string::npos;
  return digits && std::atoi(prefix.c_str()) <= (v4 ? 32 : 128);
}

bool is_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  return dash != std::string_view::npos && !formats::ip(text.substr(0, dash)) &&
         !formats::ip(text.substr(dash + 1));
}

bool is_port(std::string_view text) {
  static const std::regex k_service("[a-z][a-z0-9-]+");
  const bool digits = !text.empty() && text.size() < 6 &&
                      text.find_first_not_of("0123456789") == std::string_view::npos;
  return digits ? std::atoi(std::string(text).c_str()) <= 65535 : matches(text, k_service);
}

// "dc/lan" -> {"dc", "lan"}.
std::pair<std::string_view, std::string_view> scoped(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {{}, name};
  return {name.substr(0, slash), name.substr(slash + 1)};
}

bool has_set(std::string_view name, const RuleContext& context) {
  const auto [scope, plain] = scoped(name);
  const bool in_guest = context.guest != nullptr && context.guest->ipsets.contains(plain);
  const bool in_cluster =
      context.cluster.ipsets.contains(plain) || plain == "management" || plain == "blacklist";
  return (scope != "dc" && in_guest) || (scope != "guest" && in_cluster);
}

Complaint address_problem(std::string_view text, const RuleContext& context) {
  if (text.starts_with('+')) {
    const std::string_view name = text.substr(1);
    if (has_set(name, context)) return {};
    return fmt::format("no such ipset '{}'", name);
  }
  if (!is_name(text) || has_alias(text, context)) return {};
  return fmt::format("no such alias '{}'", text);
}

void check_ports(const FirewallRule& rule, FieldErrors& errors) {
  constexpr std::array<std::string_view, 6> k_with_ports{
      "tcp", "udp", "dccp", "sctp", "udplite", "6"};
  for (const std::string key : {"dport", "sport"}) {
    if (!rule.contains(key)) continue;
    const auto proto = rule.find("proto");
    if (proto == rule.end()) {
      errors["proto"] = fmt::format("missing property - '{}' requires this property", key);
    } else if (std::find(k_with_ports.begin(), k_with_ports.end(), proto->second) ==
               k_with_ports.end()) {
      errors[key] = fmt::format("protocol {} does not support ports", proto->second);
    }
  }
}

void check_macro(FirewallRule& rule, FieldErrors& errors) {
  const auto macro = rule.find("macro");
  if (macro == rule.end()) return;
  const auto macros = firewall_macros();
  const auto found = std::find_if(macros.begin(), macros.end(), [&](std::string_view name) {
    return to_lower(name) == to_lower(macro->second);
  });
  if (found == macros.end()) {
    errors["macro"] = fmt::format("unknown macro '{}'", macro->second);
  } else {
    macro->second = *found;
  }
}

}  // namespace

namespace formats {

Complaint address_spec(std::string_view text) {
  static const std::regex k_set("\\+((dc|guest)/)?[A-Za-z][A-Za-z0-9_-]+");
  if (matches(text, k_set) || is_name(text) || is_range(text)) return {};
  std::string versions;
  for (const std::string& piece : split_any(text, ",")) {
    if (is_range(piece)) return "you can't use a range in a list";
    if (!is_network(piece)) return fmt::format("invalid IP address: {}", piece);
    versions += piece.find(':') == std::string::npos ? '4' : '6';
  }
  const bool mixed =
      versions.find('4') != std::string::npos && versions.find('6') != std::string::npos;
  if (mixed) return "detected mixed ipv4/ipv6 addresses in address list";
  return {};
}

Complaint port_spec(std::string_view text) {
  for (const std::string& piece : split(text, ',')) {
    for (const std::string& port : split(piece, ':')) {
      if (!is_port(port)) return fmt::format("invalid port '{}'", port);
    }
  }
  return {};
}

Complaint protocol(std::string_view text) {
  constexpr std::array<std::string_view, 17> k_names{"tcp",
                                                     "udp",
                                                     "icmp",
                                                     "icmpv6",
                                                     "ipv6-icmp",
                                                     "igmp",
                                                     "gre",
                                                     "esp",
                                                     "ah",
                                                     "sctp",
                                                     "ospf",
                                                     "vrrp",
                                                     "ipip",
                                                     "dccp",
                                                     "udplite",
                                                     "eigrp",
                                                     "all"};
  const bool known = std::find(k_names.begin(), k_names.end(), text) != k_names.end();
  const bool number = !text.empty() && text.size() < 4 &&
                      text.find_first_not_of("0123456789") == std::string_view::npos;
  if (known || number) return {};
  return fmt::format("unknown protocol '{}'", text);
}

Complaint ip_or_cidr(std::string_view text) {
  if (is_network(text)) return {};
  return "value does not look like a valid IP address or CIDR network";
}

Complaint ip_or_cidr_or_alias(std::string_view text) {
  if (is_name(text)) return {};
  return ip_or_cidr(text);
}

}  // namespace formats

bool has_alias(std::string_view name, const RuleContext& context) {
  const auto [scope, plain] = scoped(name);
  const std::string key = to_lower(plain);
  const bool in_guest = context.guest != nullptr && context.guest->aliases.contains(key);
  const bool in_cluster = context.cluster.aliases.contains(key) || key == "local_network";
  return (scope != "dc" && in_guest) || (scope != "guest" && in_cluster);
}

FieldErrors settle_rule(FirewallRule& rule, const RuleContext& context) {
  FieldErrors errors;
  static const std::regex k_device("net\\d+");
  constexpr std::array<std::string_view, 3> k_actions{"ACCEPT", "DROP", "REJECT"};
  rule.try_emplace("enable", "0");
  const bool known =
      std::find(k_actions.begin(), k_actions.end(), rule["action"]) != k_actions.end();
  if (rule["type"] != "group" && !known) {
    errors["action"] = fmt::format("unknown action '{}'", rule["action"]);
  }
  const auto iface = rule.find("iface");
  if (context.guest != nullptr && iface != rule.end() && !matches(iface->second, k_device)) {
    errors["iface"] = "value does not match the regex pattern 'net\\d+'";
  }
  for (const std::string key : {"source", "dest"}) {
    const auto address = rule.find(key);
    if (address == rule.end()) continue;
    if (const Complaint problem = address_problem(address->second, context)) {
      errors[key] = *problem;
    }
  }
  check_macro(rule, errors);
  check_ports(rule, errors);
  return errors;
}

std::string set_entry_address(std::string_view cidr) {
  const std::size_t slash = cidr.find('/');
  const std::string host(cidr.substr(0, slash));
  const int family = host.find(':') == std::string::npos ? AF_INET : AF_INET6;
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(family, host.c_str(), bytes.data()) != 1) return std::string(cidr);
  const int width = family == AF_INET ? 32 : 128;
  const int prefix = slash == std::string_view::npos
                         ? width
                         : std::atoi(std::string(cidr.substr(slash + 1)).c_str());
  if (prefix == 0) return {};
  for (int bit = prefix; bit < width; ++bit) {
    bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<unsigned char>(~(0x80 >> (bit % 8)));
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family, bytes.data(), text.data(), text.size());
  return prefix == width ? std::string(text.data()) : fmt::format("{}/{}", text.data(), prefix);
}

}  // namespace aegis::simulator
