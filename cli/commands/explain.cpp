#include "manifest/explain.h"

#include <fmt/format.h>

#include "commands.h"
#include "kinds/table.h"

namespace aegis {
namespace {

// What a change of the field disturbs, by the rules of the kind that the section is for.
std::string disturbance(std::string_view section, std::string_view path) {
  for (const Kind& kind : all_kinds()) {
    if (kind.schema != section) continue;
    for (const AttributeRule& rule : kind.rules) {
      if (rule.path != path) continue;
      std::string text =
          rule.immutable ? "forces replacement" : std::string(to_string(rule.disruption));
      if (rule.write_only) text = "is not seen: it is only used at creation";
      if (rule.door == Door::root) text += "; needs root";
      if (!rule.note.empty()) text += fmt::format(" ({})", rule.note);
      return text;
    }
  }
  return {};
}

}  // namespace

ExitCode run_explain(const Options& options, Terminal& terminal) {
  if (options.schema)
    return terminal.print(schema_for_editors()) ? ExitCode::success : ExitCode::failure;
  const auto text = explain(options.path, disturbance);
  if (!text) {
    terminal.complain(text.error().message);
    return ExitCode::invalid;
  }
  return terminal.print(*text) ? ExitCode::success : ExitCode::failure;
}

}  // namespace aegis
