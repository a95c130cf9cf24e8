#include "kinds/proxmox/firewall/rule_scope.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "kinds/proxmox/firewall/network.h"

namespace aegis::proxmox {
namespace {

// TCP ports of services and of macros that could be ours.
constexpr std::array<std::pair<std::string_view, int>, 4> k_services{
    {{"ssh", 22}, {"http", 80}, {"https", 443}, {"http-alt", 8080}}};
constexpr std::array<std::pair<std::string_view, int>, 5> k_macros{
    {{"ssh", 22}, {"http", 80}, {"https", 443}, {"web", 80}, {"web", 443}}};

std::optional<int> port_number(std::string_view text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc() && end == text.data() + text.size()) return number;
  for (const auto& [name, port] : k_services) {
    if (name == text) return port;
  }
  return std::nullopt;
}

Concerns of_ports(const std::string& spec, int port) {
  if (spec.empty()) return Concerns::yes;
  bool readable = true;
  for (const std::string& piece : split(spec, ',')) {
    const std::size_t colon = piece.find(':');
    const auto first = port_number(std::string_view(piece).substr(0, colon));
    const auto last =
        colon == std::string::npos ? first : port_number(std::string_view(piece).substr(colon + 1));
    if (!first || !last) {
      readable = false;
    } else if (*first <= port && port <= *last) {
      return Concerns::yes;
    }
  }
  return readable ? Concerns::no : Concerns::maybe;
}

Concerns of_protocol(const Json& rule, int port) {
  const std::string macro = to_lower(text_or(rule, "macro"));
  if (!macro.empty()) {
    const bool ours = std::any_of(k_macros.begin(), k_macros.end(), [&](const auto& entry) {
      return entry.first == macro && entry.second == port;
    });
    return ours ? Concerns::yes : Concerns::no;
  }
  const std::string proto = text_or(rule, "proto", "all");
  if (proto != "tcp" && proto != "6" && proto != "all") return Concerns::no;
  return of_ports(text_or(rule, "dport"), port);
}

// "dc/lan" -> "lan"
std::string without_scope(const std::string& name) {
  return to_lower(name.starts_with("dc/") ? name.substr(3) : name);
}

}  // namespace

Concerns is_meant(const std::string& address, const std::string& spec, const Json& datacenter) {
  if (spec.empty()) return Concerns::yes;
  if (spec.starts_with('+')) return is_in_set(address, spec.substr(1), datacenter);
  const Json& alias = get(get(datacenter, "aliases"), without_scope(spec));
  const std::string ranges = alias.is_object() ? text_or(alias, "cidr") : spec;
  if (address.empty()) return Concerns::maybe;
  const auto pieces = split(ranges, ',');
  const bool inside = std::any_of(pieces.begin(), pieces.end(), [&](const std::string& piece) {
    return is_inside(address, piece);
  });
  return inside ? Concerns::yes : Concerns::no;
}

Concerns is_in_set(const std::string& address, const std::string& name, const Json& datacenter) {
  const std::string plain = name.starts_with("dc/") ? name.substr(3) : name;
  Concerns best = Concerns::no;
  for (const auto& [cidr, entry] : get(get(get(datacenter, "ipsets"), plain), "entries").items()) {
    const Concerns own = is_meant(address, cidr, datacenter);
    if (get(entry, "nomatch") == true) {
      if (own == Concerns::yes) return Concerns::no;
    } else {
      best = std::max(best, own);
    }
  }
  return best;
}

Concerns concerns(const Json& rule, int port, const WayIn& way, const Json& datacenter) {
  std::vector<Concerns> all{of_protocol(rule, port),
                            is_meant(way.source, text_or(rule, "source"), datacenter),
                            is_meant(way.destination, text_or(rule, "dest"), datacenter)};
  for (const char* narrows : {"iface", "sport", "icmp-type"}) {
    if (rule.contains(narrows)) all.push_back(Concerns::maybe);
  }
  return *std::min_element(all.begin(), all.end());
}

}  // namespace aegis::proxmox
