#include <fmt/format.h>

#include <array>

#include "manifest/compose/form.h"
#include "manifest/compose/report.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

bool check_head(const Node& value, const Node& test, Diagnostics& diagnostics) {
  const std::string head = test.items.empty() ? "" : test.items.front().text;
  const bool known = head == "CMD" || head == "CMD-SHELL" || head == "NONE";
  if (known && (head == "NONE" || test.items.size() > 1)) return true;
  error(diagnostics,
        value.where,
        "invalid health check",
        known ? fmt::format("`{}` has no command after {}.", value.path, head)
              : fmt::format("`{}` must start with CMD, CMD-SHELL or NONE. A command that is to run "
                            "in a shell may also be written as one text.",
                            value.path));
  return false;
}

std::optional<Node> read_test(const Node& value, Diagnostics& diagnostics) {
  if (value.type == Node::Type::sequence) {
    auto test = read_list(value, read_text, "text or a list of texts", diagnostics);
    if (!test || test->items.size() != value.items.size() || !check_head(value, *test, diagnostics))
      return std::nullopt;
    return test;
  }
  auto command = read_text(value, diagnostics);
  if (!command) return std::nullopt;
  Node test = make_sequence(value);
  test.items.push_back(make_text("CMD-SHELL", value));
  test.items.push_back(std::move(*command));
  return test;
}

}  // namespace

std::optional<Node> read_healthcheck(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 7> k_fields{{
      {"test", read_test},
      {"interval", read_duration},
      {"timeout", read_duration},
      {"start_period", read_duration},
      {"start_interval", read_duration},
      {"retries", read_count},
      {"disable", read_flag},
  }};
  return read_object(value, k_fields, diagnostics);
}

}  // namespace aegis::compose
