#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aegis::compose {

/// "80" or "3000-3005"; both ends included.
struct PortRange {
  int first = 0;
  int last = 0;

  [[nodiscard]] int size() const { return last - first + 1; }
};

/// The ports in `text`, each from 1 to 65535, rising; else nothing.
std::optional<PortRange> parse_port_range(std::string_view text);

}  // namespace aegis::compose
