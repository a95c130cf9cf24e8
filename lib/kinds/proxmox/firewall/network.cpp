#include "kinds/proxmox/firewall/network.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

using Bytes = std::array<unsigned char, 16>;

struct Network {
  int family = AF_INET;
  Bytes bytes{};
  int prefix = 0;

  [[nodiscard]] int width() const { return family == AF_INET ? 32 : 128; }
};

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string host(text.substr(0, slash));
  Network network;
  network.family = host.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (inet_pton(network.family, host.c_str(), network.bytes.data()) != 1) return std::nullopt;
  network.prefix = network.width();
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), network.prefix);
  const bool whole = problem == std::errc() && end == digits.data() + digits.size();
  if (!whole || network.prefix < 0 || network.prefix > network.width()) return std::nullopt;
  return network;
}

Bytes masked(const Bytes& bytes, int prefix) {
  Bytes result = bytes;
  for (int bit = prefix; bit < 128; ++bit) {
    result[static_cast<std::size_t>(bit / 8)] &= static_cast<unsigned char>(~(0x80 >> (bit % 8)));
  }
  return result;
}

bool is_between(const Network& address, std::string_view first, std::string_view last) {
  const auto low = parse_network(first);
  const auto high = parse_network(last);
  if (!low || !high || low->family != address.family || high->family != address.family) {
    return false;
  }
  return low->bytes <= address.bytes && address.bytes <= high->bytes;
}

}  // namespace

std::string canonical_network(std::string_view text) {
  const auto network = parse_network(text);
  if (!network) return to_lower(text);
  const Bytes bytes = masked(network->bytes, network->prefix);
  std::array<char, INET6_ADDRSTRLEN> host{};
  inet_ntop(network->family, bytes.data(), host.data(), host.size());
  if (network->prefix == network->width()) return host.data();
  return fmt::format("{}/{}", host.data(), network->prefix);
}

bool is_inside(std::string_view address, std::string_view range) {
  const auto wanted = parse_network(address);
  if (!wanted) return false;
  const std::size_t dash = range.find('-');
  if (dash != std::string_view::npos) {
    return is_between(*wanted, range.substr(0, dash), range.substr(dash + 1));
  }
  const auto network = parse_network(range);
  if (!network || network->family != wanted->family) return false;
  return masked(wanted->bytes, network->prefix) == masked(network->bytes, network->prefix);
}

}  // namespace aegis::proxmox
