#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace aegis {

/// The name of a resource, as people write it: "container/aegis", "stack/core/service/traefik".
struct Address {
  std::string scope;  ///< "stack/core" for what lives in a stack, else empty
  std::string kind;   ///< "container", "service"
  std::string name;   ///< "aegis", "traefik"; in a scope it may hold slashes: "etc/motd"

  auto operator<=>(const Address&) const = default;
};

std::string to_string(const Address& address);

/// The address in `text`, or nothing when it has not two, four or more non-empty pieces. All that
/// follows the third slash is the name: "guest/aegis/file/etc/motd".
std::optional<Address> parse_address(std::string_view text);

/// True when `pattern` names `address` itself or something that holds it: "stack/core" covers every
/// resource of that stack. Whole pieces are compared, and "*" stands for any one piece.
bool covers(std::string_view pattern, const Address& address);

}  // namespace aegis
