#include "render/plan_markdown.h"

#include <fmt/format.h>

#include "base/text.h"
#include "render/terminal_text.h"
#include "render/value_text.h"

namespace aegis {
namespace {

// Every character that Markdown or HTML could take for syntax as a numeric reference, which never
// is any. The invisible blank keeps "@name" and "#12" from becoming mentions and links.
std::string escaped(std::string_view text) {
  constexpr std::string_view k_special = "\\`*_{}[]()<>|#&~!@\"'$:";
  std::string result;
  for (const char c : harmless(text)) {
    if (k_special.find(c) == std::string_view::npos) {
      result += c;
      continue;
    }
    result += fmt::format("&#{};", static_cast<int>(c));
    if (c == '@' || c == '#') result += "&#8203;";
  }
  return result;
}

std::string code(std::string_view text) {
  return fmt::format("<code>{}</code>", escaped(text));
}

std::string effect_of(const Change& change) {
  if (!change.blocked.empty()) return "**blocked:** " + escaped(change.blocked);
  const std::string window =
      change.window ? ", in the window " + escaped(to_string(*change.window)) : std::string();
  if (change.destroys_data) return "**destroys data**" + window;
  return change.disruption == Disruption::none ? ""
                                               : std::string(to_string(change.disruption)) + window;
}

std::string render_row(const Change& change) {
  return fmt::format("| `{}` | {} | {} | {} | {} |\n",
                     symbol_of(change.action),
                     code(to_string(change.address)),
                     to_string(change.action),
                     escaped(change.cause),
                     effect_of(change));
}

std::string render_details(const Change& change) {
  if (change.attributes.empty()) return "";
  std::string text =
      fmt::format("\n{} {}\n\n| attribute | live | manifests | disturbs |\n|---|---|---|---|\n",
                  to_string(change.action),
                  code(to_string(change.address)));
  for (const AttributeChange& attribute : change.attributes) {
    const bool disturbs = attribute.disruption != Disruption::none;
    text += fmt::format("| {} | {} | {} | {} |\n",
                        code(attribute.path),
                        code(format_value(attribute.path, attribute.before)),
                        code(format_value(attribute.path, attribute.after)),
                        disturbs ? to_string(attribute.disruption) : std::string_view());
  }
  return text;
}

std::string render_notes(const Diagnostics& notes) {
  std::string text;
  for (const Diagnostic& note : notes) {
    if (note.severity == Severity::note) continue;
    text += fmt::format("- **{}:** {}: {}\n",
                        note.severity == Severity::error ? "error" : "warning",
                        escaped(note.summary),
                        escaped(note.detail));
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string render_markdown(const Plan& plan) {
  const std::string notes = render_notes(plan.notes);
  if (!plan.has_differences()) {
    return (has_errors(plan.notes) ? "**No plan:** see the errors.\n"
                                   : "No changes. The live systems match the manifests.\n") +
           notes;
  }
  std::string text =
      fmt::format("**Plan:** {}, in {}.", count_changes(plan), count_of(plan.steps.size(), "step"));
  if (count_blocked(plan) > 0) text += fmt::format(" {} blocked.", count_blocked(plan));
  const std::string disturbances = disturbances_of(plan);
  if (!disturbances.empty()) text += " " + escaped(disturbances);
  text += "\n" + notes + "\n| | resource | action | cause | effect |\n|---|---|---|---|---|\n";
  for (const Change& change : plan.changes) text += render_row(change);
  text += "\n<details><summary>Attributes</summary>\n";
  for (const Change& change : plan.changes) text += render_details(change);
  return text + "\n</details>\n";
}

}  // namespace aegis
