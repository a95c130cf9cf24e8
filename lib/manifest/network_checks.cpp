#include "manifest/network_checks.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>

#include "base/text.h"

namespace aegis {
namespace {

/// An address, IPv4 as 4 bytes and IPv6 as 16, and the length of its prefix.
struct IpAddress {
  std::string bytes;
  int prefix = 0;
};

std::optional<IpAddress> parse_address(const std::string& text, int family) {
  const std::size_t slash = text.find('/');
  std::string bytes(family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr), '\0');
  if (inet_pton(family, text.substr(0, slash).c_str(), bytes.data()) != 1) return std::nullopt;
  const int bits = static_cast<int>(bytes.size()) * 8;
  IpAddress parsed{std::move(bytes), bits};
  if (slash == std::string::npos) return parsed;
  const auto prefix = as_integer(Json(text.substr(slash + 1)));
  if (!prefix || *prefix < 0 || *prefix > bits) return std::nullopt;
  parsed.prefix = static_cast<int>(*prefix);
  return parsed;
}

bool is_inside(const IpAddress& gateway, const IpAddress& network) {
  for (int bit = 0; bit < network.prefix; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const unsigned mask = 0x80U >> static_cast<unsigned>(bit % 8);
    const unsigned differs = static_cast<unsigned char>(gateway.bytes[byte]) ^
                             static_cast<unsigned char>(network.bytes[byte]);
    if ((differs & mask) != 0) return false;
  }
  return true;
}

struct Protocol {
  int family;
  const char* name;
  const char* address;
  const char* gateway;
};
constexpr std::array<Protocol, 2> k_guest_protocols{
    {{AF_INET, "IPv4", "ip", "gw"}, {AF_INET6, "IPv6", "ip6", "gw6"}}};
constexpr std::array<Protocol, 2> k_host_protocols{
    {{AF_INET, "IPv4", "cidr", "gateway"}, {AF_INET6, "IPv6", "cidr6", "gateway6"}}};

class NetworkCheck {
 public:
  explicit NetworkCheck(Reading& reading) : reading_(reading) {}

  // `path` is where the settings are in the resource: "network.eth0.", or empty.
  void check(const Resource& resource,
             const std::string& path,
             const Json& settings,
             const Protocol& protocol) {
    const auto ip = read(resource, path + protocol.address, settings, protocol);
    const auto gateway = read(resource, path + protocol.gateway, settings, protocol);
    if (gateway && resource.address.kind == "interface" && !settings.contains(protocol.address)) {
      reading_.error(resource.place_of(path + protocol.gateway),
                     "a gateway without an address",
                     fmt::format("Proxmox does not keep {} of an interface that has no {}.",
                                 protocol.gateway,
                                 protocol.address));
    }
    if (gateway && resource.address.kind == "interface") claim_gateway(resource, protocol);
    if (!ip) return;
    if (gateway && !is_inside(*gateway, *ip)) {
      reading_.warn(resource.place_of(path + protocol.gateway),
                    "the gateway is outside of the subnet",
                    fmt::format("{} cannot be reached from {}.",
                                text_or(settings, protocol.gateway),
                                text_or(settings, protocol.address)));
    }
    claim(resource, path + protocol.address, ip->bytes, text_or(settings, protocol.address));
  }

  // A server has one default gateway, whichever interface it is behind.
  void claim_gateway(const Resource& interface, const Protocol& protocol) {
    const auto [owner, is_new] =
        gateways_.try_emplace({interface.scope, protocol.gateway}, &interface);
    if (is_new) return;
    const Resource* first = owner->second;
    const Resource* second = &interface;
    if (second->place_of(protocol.gateway) < first->place_of(protocol.gateway)) {
      std::swap(first, second);
    }
    reading_.error(second->place_of(protocol.gateway),
                   "two default gateways",
                   fmt::format("{} has a `{}` already, and Proxmox takes one a server.",
                               first->address.name,
                               protocol.gateway),
                   first->place_of(protocol.gateway));
  }

  // The addresses that cards are told to have: "hwaddr" of containers, "macaddr" of machines.
  void check_mac(const Resource& resource, const std::string& path, const Json& settings) {
    for (const char* key : {"hwaddr", "macaddr"}) {
      const std::string mac = text_or(settings, key);
      if (!mac.empty()) claim(resource, path + key, to_lower(mac), mac);
    }
  }

  // Proxmox refuses packets longer than those of the bridge.
  void check_mtu(const Resource& guest, const std::string& path, const Json& settings) {
    const auto wanted = as_integer(get(settings, "mtu"));
    const auto& resources = reading_.manifests.desired.resources;
    const auto bridge = resources.find({guest.scope, "interface", text_or(settings, "bridge")});
    if (!wanted || bridge == resources.end()) return;
    const auto most = as_integer(get(bridge->second.spec, "mtu"));
    if (!most || *wanted <= *most) return;
    reading_.error(guest.place_of(path + "mtu"),
                   "an MTU is larger than the bridge's",
                   fmt::format("{} has an MTU of {}, so no guest on it can have one of {}.",
                               to_string(bridge->first),
                               *most,
                               *wanted),
                   bridge->second.place_of("mtu"));
  }

 private:
  // Notes that the resource has the address; warns when another one of the server has it too.
  void claim(const Resource& resource,
             const std::string& path,
             const std::string& bytes,
             const std::string& text) {
    const auto [owner, is_new] = owners_.try_emplace({resource.scope, bytes}, &resource);
    if (is_new || owner->second == &resource) return;
    reading_.warn(resource.place_of(path),
                  "an address is used twice",
                  fmt::format("{} has {} too.", to_string(owner->second->address), text));
  }

  std::optional<IpAddress> read(const Resource& resource,
                                const std::string& path,
                                const Json& settings,
                                const Protocol& protocol) {
    const std::string key = path.substr(path.rfind('.') + 1);
    const std::string text = text_or(settings, key);
    const bool is_gateway = key == protocol.gateway;
    if (text.empty() && !settings.contains(key)) return std::nullopt;
    if (!is_gateway && (text == "dhcp" || text == "manual" || text == "auto")) return std::nullopt;
    auto address = parse_address(text, protocol.family);
    const bool has_prefix = text.find('/') != std::string::npos;
    if (address && has_prefix != is_gateway) return address;
    reading_.error(resource.place_of(path),
                   "not an address",
                   fmt::format("\"{}\" is no {} address{}.",
                               text,
                               protocol.name,
                               is_gateway ? "" : " with a prefix length, such as /24"));
    return std::nullopt;
  }

  Reading& reading_;
  std::map<std::pair<std::string, std::string>, const Resource*> owners_;
  std::map<std::pair<std::string, std::string>, const Resource*> gateways_;
};

}  // namespace

void check_networks(Reading& reading) {
  NetworkCheck check(reading);
  for (const auto& [address, resource] : reading.manifests.desired.resources) {
    if (address.kind == "interface") {
      for (const Protocol& protocol : k_host_protocols) {
        check.check(resource, "", resource.spec, protocol);
      }
      continue;
    }
    const Json& network = get(resource.spec, "network");
    if (!network.is_object()) continue;
    for (const auto& [name, settings] : network.items()) {
      for (const Protocol& protocol : k_guest_protocols) {
        check.check(resource, fmt::format("network.{}.", name), settings, protocol);
      }
      check.check_mac(resource, fmt::format("network.{}.", name), settings);
      check.check_mtu(resource, fmt::format("network.{}.", name), settings);
    }
  }
}

}  // namespace aegis
