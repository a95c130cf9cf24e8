#include "model/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.h"

namespace aegis {

std::string to_string(const Address& address) {
  if (address.scope.empty()) return fmt::format("{}/{}", address.kind, address.name);
  return fmt::format("{}/{}/{}", address.scope, address.kind, address.name);
}

std::optional<Address> parse_address(std::string_view text) {
  const auto pieces = split(text, '/');
  const bool any_empty = std::any_of(
      pieces.begin(), pieces.end(), [](const std::string& piece) { return piece.empty(); });
  if (any_empty) return std::nullopt;
  if (pieces.size() == 2) return Address{"", pieces[0], pieces[1]};
  if (pieces.size() < 4) return std::nullopt;
  return Address{pieces[0] + "/" + pieces[1], pieces[2], join(std::span(pieces).subspan(3), "/")};
}

bool covers(std::string_view pattern, const Address& address) {
  const auto wanted = split(pattern, '/');
  const auto actual = split(to_string(address), '/');
  if (wanted.size() > actual.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] != "*" && wanted[i] != actual[i]) return false;
  }
  return true;
}

}  // namespace aegis
