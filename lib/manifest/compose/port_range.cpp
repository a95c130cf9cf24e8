#include "manifest/compose/port_range.h"

#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr int k_highest_port = 65535;

std::optional<int> parse_port(std::string_view text) {
  const auto number = parse_decimal(text);
  if (!number || *number < 1 || *number > k_highest_port) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace

std::optional<PortRange> parse_port_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_port(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_port(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

}  // namespace aegis::compose
