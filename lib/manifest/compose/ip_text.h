#pragma once

#include <string>

namespace aegis::compose {

/// Whether `text` is an address in the usual notation: "10.0.0.1", "fd00::1".
bool is_ipv4(const std::string& text);
bool is_ipv6(const std::string& text);

/// Whether `text` is a network: an address of either family, "/", and a prefix length that fits.
bool is_subnet(const std::string& text);

/// Whether `text` is six pairs of hex digits with colons or dashes between them.
bool is_mac_address(const std::string& text);

}  // namespace aegis::compose
