#include "render/diagnostics_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "render/source_excerpt.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

using Sources = std::map<std::string, std::string>;

constexpr int k_gutter = 9;  // "   12 | " and one column to spare

Role role_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Role::failed;
    case Severity::warning:
      return Role::warned;
    case Severity::note:
      return Role::strong;
  }
  return Role::strong;
}

std::string render_place(const SourceSpan& where,
                         const Sources& sources,
                         std::string_view label,
                         Role role,
                         const Style& style) {
  std::string text =
      fmt::format("  {} {}\n", paint(label, Role::faint, style), harmless(to_string(where)));
  const auto source = sources.find(where.file.str());
  if (source == sources.end() || where.line == 0) return text;
  const SourceExcerpt excerpt = cut_excerpt(source->second, where, style.width - k_gutter);
  text += fmt::format("{:>5} | {}\n", where.line, excerpt.text);
  if (where.column == 0) return text;
  return text + fmt::format("      | {}{}\n",
                            std::string(excerpt.offset, ' '),
                            paint(std::string(excerpt.length, '^'), role, style));
}

std::string render_one(const Diagnostic& diagnostic, const Sources& sources, const Style& style) {
  const Role role = role_of(diagnostic.severity);
  std::string text = paint(fmt::format("{}:", to_string(diagnostic.severity)), role, style) + " " +
                     paint(harmless(diagnostic.summary), Role::strong, style) + "\n";
  if (diagnostic.where) text += render_place(*diagnostic.where, sources, "-->", role, style);
  if (diagnostic.related) {
    text += render_place(*diagnostic.related, sources, "see", Role::faint, style);
  }
  for (const std::string& line : split(diagnostic.detail, '\n')) {
    text += wrapped(harmless(line), 2, style.width);
  }
  return text;
}

}  // namespace

std::string render_diagnostics(const Diagnostics& diagnostics,
                               const Sources& sources,
                               const Style& style) {
  std::string text;
  std::size_t errors = 0;
  std::size_t warnings = 0;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!text.empty()) text += "\n";
    text += render_one(diagnostic, sources, style);
    errors += diagnostic.severity == Severity::error ? 1 : 0;
    warnings += diagnostic.severity == Severity::warning ? 1 : 0;
  }
  std::vector<std::string> counts;
  if (errors > 0) counts.push_back(count_of(errors, "error"));
  if (warnings > 0) counts.push_back(count_of(warnings, "warning"));
  if (!counts.empty()) text += fmt::format("\n{}.", list_words(counts));
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace aegis
