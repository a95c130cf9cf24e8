#include "manifest/compose/ip_text.h"

#include <arpa/inet.h>

#include <array>
#include <cctype>

#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr std::size_t k_mac_length = 17;

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(family, text.c_str(), bytes.data()) == 1;
}

}  // namespace

bool is_ipv4(const std::string& text) {
  return is_address(AF_INET, text);
}

bool is_ipv6(const std::string& text) {
  return is_address(AF_INET6, text);
}

bool is_subnet(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return false;
  const std::string address = text.substr(0, slash);
  const auto length = parse_decimal(text.substr(slash + 1));
  if (!length || *length < 0) return false;
  return (is_ipv4(address) && *length <= 32) || (is_ipv6(address) && *length <= 128);
}

bool is_mac_address(const std::string& text) {
  if (text.size() != k_mac_length) return false;
  const char separator = text[2];
  if (separator != ':' && separator != '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool good =
        i % 3 == 2 ? text[i] == separator : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    if (!good) return false;
  }
  return true;
}

}  // namespace aegis::compose
