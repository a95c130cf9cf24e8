#include "manifest/network_checks.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <map>
#include <optional>

namespace aegis {
namespace {

struct Ipv4 {
  std::uint32_t address = 0;
  int prefix = 32;
};

std::optional<Ipv4> parse_ipv4(const std::string& text) {
  const std::size_t slash = text.find('/');
  in_addr address{};
  if (inet_pton(AF_INET, text.substr(0, slash).c_str(), &address) != 1) return std::nullopt;
  Ipv4 parsed{ntohl(address.s_addr), 32};
  if (slash != std::string::npos)
    parsed.prefix = static_cast<int>(as_integer(Json(text.substr(slash + 1))).value_or(32));
  return parsed;
}

bool is_inside(const Ipv4& gateway, const Ipv4& network) {
  if (network.prefix <= 0) return true;
  const std::uint32_t mask = ~std::uint32_t{0} << static_cast<unsigned>(32 - network.prefix);
  return (gateway.address & mask) == (network.address & mask);
}

}  // namespace

void check_networks(Reading& reading) {
  std::map<std::pair<std::string, std::uint32_t>, const Resource*> owners;
  for (const auto& [address, resource] : reading.manifests.desired.resources) {
    const Json& network = get(resource.spec, "network");
    if (!network.is_object()) continue;
    for (const auto& [name, settings] : network.items()) {
      const std::string path = "network." + name;
      const auto ip = parse_ipv4(text_or(settings, "ip"));
      if (!ip) continue;
      const auto gateway = parse_ipv4(text_or(settings, "gw"));
      if (gateway && !is_inside(*gateway, *ip)) {
        reading.warn(
            resource.place_of(path + ".gw"),
            "the gateway is outside of the subnet",
            fmt::format(
                "{} cannot be reached from {}.", text_or(settings, "gw"), text_or(settings, "ip")));
      }
      const auto [owner, is_new] = owners.try_emplace({resource.scope, ip->address}, &resource);
      if (!is_new && owner->second != &resource) {
        reading.warn(
            resource.place_of(path + ".ip"),
            "an address is used twice",
            fmt::format(
                "{} has {} too.", to_string(owner->second->address), text_or(settings, "ip")));
      }
    }
  }
}

}  // namespace aegis
