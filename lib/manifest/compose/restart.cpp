#include <array>

#include "manifest/compose/form.h"
#include "manifest/compose/report.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {

std::optional<Node> read_restart(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 4> k_policies{
      "no", "always", "unless-stopped", "on-failure"};
  constexpr std::string_view k_counted = "on-failure:";
  if (value.type != Node::Type::string || !value.text.starts_with(k_counted))
    return read_word(value, k_policies, diagnostics);
  const auto times = parse_decimal(std::string_view(value.text).substr(k_counted.size()));
  if (times && *times >= 0) return read_text(value, diagnostics);
  wrong_value(diagnostics, value, "on-failure with a whole number after its colon");
  return std::nullopt;
}

}  // namespace aegis::compose
