#include "render/plan_markdown.h"

#include <fmt/format.h>

#include "base/text.h"
#include "render/plan_text.h"
#include "render/value_text.h"

namespace aegis {
namespace {

std::string cell(std::string_view text) {
  constexpr std::string_view k_special = "\\`*_{}[]<>|#&~";
  std::string escaped;
  for (const char c : harmless(text)) {
    if (k_special.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string render_row(const Change& change) {
  return fmt::format(
      "| {} | {} | {} | {} |\n",
      cell(to_string(change.address)),
      to_string(change.action),
      cell(change.cause),
      cell(change.blocked.empty() ? disturbance_of(change) : "not done: " + change.blocked));
}

std::string render_details(const Change& change) {
  if (change.attributes.empty()) return "";
  std::string text =
      fmt::format("\n**{}**\n\n| attribute | live | manifests | disturbs |\n|---|---|---|---|\n",
                  cell(to_string(change.address)));
  for (const AttributeChange& attribute : change.attributes) {
    text += fmt::format("| {} | {} | {} | {} |\n",
                        cell(attribute.path),
                        cell(format_value(attribute.path, attribute.before)),
                        cell(format_value(attribute.path, attribute.after)),
                        to_string(attribute.disruption));
  }
  return text;
}

}  // namespace

std::string render_markdown(const Plan& plan) {
  if (!plan.has_differences()) return "No changes. The live systems match the manifests.\n";
  std::string text = fmt::format(
      "**Plan:** {}, in {}.\n\n| resource | action | cause | disturbs |\n|---|---|---|---|\n",
      count_changes(plan),
      count_of(plan.steps.size(), "step"));
  for (const Change& change : plan.changes) text += render_row(change);
  text += "\n<details><summary>Attributes</summary>\n";
  for (const Change& change : plan.changes) text += render_details(change);
  return text + "\n</details>\n";
}

}  // namespace aegis
