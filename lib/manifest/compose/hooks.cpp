#include "manifest/compose/hooks.h"

#include <fmt/format.h>

#include <array>

#include "manifest/compose/form.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

std::optional<Node> read_hook(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 5> k_fields{{
      {"command", read_command},
      {"user", read_text},
      {"privileged", read_flag},
      {"working_dir", read_text},
      {"environment", read_environment},
  }};
  auto hook = read_object(value, k_fields, diagnostics);
  if (!hook) return std::nullopt;
  const Node* command = hook->find("command");
  if (command != nullptr && command->type == Node::Type::null) return std::nullopt;
  if (command != nullptr && !command->items.empty()) return hook;
  error(diagnostics,
        value.where,
        "missing key",
        fmt::format("`{}` needs `command`, which runs inside the container.", value.path));
  return std::nullopt;
}

}  // namespace

std::optional<Node> read_hooks(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_hook, "a list of commands", diagnostics);
}

}  // namespace aegis::compose
