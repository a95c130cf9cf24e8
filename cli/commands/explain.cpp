#include "manifest/explain.h"

#include <fmt/format.h>

#include "base/text.h"
#include "commands.h"
#include "kinds/table.h"
#include "manifest/server_sections.h"

namespace aegis {
namespace {

std::string describe(const AttributeRule& rule) {
  std::string text = rule.disruption == Disruption::none ? "disturbs nothing"
                                                         : std::string(to_string(rule.disruption));
  if (rule.immutable) text = "forces replacement";
  if (rule.write_only) text = "is not seen: it is only used at creation";
  if (rule.door == Door::root) text += "; needs root";
  if (!rule.note.empty()) text += fmt::format(" ({})", rule.note);
  return text;
}

// "network.ip" of "network.*.ip": a field's path leaves out the names that users choose.
std::string without_names(std::string_view path) {
  std::vector<std::string> pieces = split(path, '.');
  std::erase(pieces, "*");
  return join(pieces, ".");
}

// What a change of the field disturbs, by the rules of the kind that the section is for.
std::string disturbance(std::string_view section, std::string_view path) {
  const auto field = section == "servers" ? section_field(path) : std::nullopt;
  const std::string wanted = field ? field->path : std::string(path);
  for (const Kind& kind : all_kinds()) {
    if (field ? kind.name != field->kind : kind.schema != section) continue;
    for (const AttributeRule& rule : kind.rules) {
      if (without_names(rule.path) == wanted) return describe(rule);
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
