#include "render/restore_text.h"

#include <fmt/format.h>

#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::size_t k_indent = 2;

}  // namespace

std::string render_text(const RestoreOutline& outline, const Style& style) {
  std::string text =
      fmt::format("Restore {} from {}\n",
                  paint(harmless(outline.what), Role::strong, style),
                  outline.from.empty() ? "the backup in its place" : harmless(outline.from));
  if (!outline.refusal.empty()) {
    return text + paint("Refused:", Role::failed, style) + "\n" +
           wrapped(harmless(outline.refusal), k_indent, style.width);
  }
  for (const Step& step : outline.steps) {
    const Role role = step.destroys_data                     ? Role::removed
                      : step.disruption > Disruption::reload ? Role::changed
                                                             : Role::faint;
    text += fmt::format("  {:>2}. {}\n", step.id, paint(harmless(step.title), role, style));
  }
  for (const std::string& note : outline.notes) {
    text += wrapped(harmless(note), k_indent, style.width);
  }
  return text;
}

}  // namespace aegis
