#include <fmt/format.h>

#include <array>

#include "manifest/compose/form.h"
#include "manifest/compose/report.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

std::optional<Node> read_ulimit(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 2> k_fields{{{"soft", read_limit}, {"hard", read_limit}}};
  if (value.type != Node::Type::mapping) {
    auto limit = read_limit(value, diagnostics);
    if (!limit) return std::nullopt;
    Node both = make_mapping(value);
    set(both, "soft", *limit);
    set(both, "hard", std::move(*limit));
    return both;
  }
  auto both = read_object(value, k_fields, diagnostics);
  if (value.find("soft") != nullptr && value.find("hard") != nullptr) return both;
  error(diagnostics,
        value.where,
        "missing key",
        fmt::format("`{}` needs both `soft` and `hard`, or one number for both.", value.path));
  return std::nullopt;
}

}  // namespace

std::optional<Node> read_ulimits(const Node& value, Diagnostics& diagnostics) {
  return read_named(value, read_ulimit, diagnostics);
}

}  // namespace aegis::compose
