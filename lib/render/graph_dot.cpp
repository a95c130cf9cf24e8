#include "render/graph_dot.h"

#include <fmt/format.h>

#include "render/style.h"

namespace aegis {
namespace {

std::string dot_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : harmless(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string_view color_of(const Step& step) {
  if (step.destroys_data) return "red";
  return step.disruption >= Disruption::restart_service ? "orange" : "black";
}

}  // namespace

std::string render_dot(const Plan& plan) {
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const Step& step : plan.steps) {
    text += fmt::format("  s{} [label={}, color={}];\n",
                        step.id,
                        dot_text(fmt::format("{}: {}", to_string(step.address), step.title)),
                        color_of(step));
  }
  for (const Step& step : plan.steps) {
    for (const StepId before : step.after) text += fmt::format("  s{} -> s{};\n", before, step.id);
  }
  return text + "}\n";
}

}  // namespace aegis
