#include "render/diagnostics_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis {
namespace {

using Sources = std::map<std::string, std::string>;

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

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return {};
}

std::string_view line_at(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// A window of the line around the place, so that a line of any length fits; tabs become blanks.
struct Excerpt {
  std::string text;
  std::size_t caret = 0;  ///< columns before the first underlined one
};

Excerpt cut_out(std::string_view line, std::size_t offset, const Style& style) {
  const auto room = static_cast<std::size_t>(std::max(40, style.width - 12));
  const std::size_t start = offset > room / 2 && line.size() > room ? offset - room / 2 : 0;
  const std::string before = harmless(line.substr(start, offset - start));
  std::string text = harmless(line.substr(start, room));
  std::string shown_before = before;
  for (std::string* piece : {&text, &shown_before}) {
    for (std::size_t at = piece->find("\\t"); at != std::string::npos;
         at = piece->find("\\t", at)) {
      piece->replace(at, 2, "  ");
    }
  }
  const std::string dots = start > 0 ? "..." : "";
  return {dots + text, dots.size() + columns_of(shown_before)};
}

std::string render_place(const SourceSpan& where,
                         const Sources& sources,
                         std::string_view label,
                         const Style& style) {
  std::string text = fmt::format("  {} {}\n", paint(label, Role::faint, style), to_string(where));
  const auto source = sources.find(where.file);
  if (source == sources.end() || where.line == 0) return text;
  const std::string_view line = line_at(source->second, where.line);
  const std::size_t offset =
      std::min(line.size(), static_cast<std::size_t>(std::max(where.column, 1) - 1));
  const Excerpt excerpt = cut_out(line, offset, style);
  const std::size_t left =
      columns_of(excerpt.text) - std::min(columns_of(excerpt.text), excerpt.caret);
  const std::size_t carets = std::clamp<std::size_t>(
      static_cast<std::size_t>(std::max(where.length, 1)), 1, std::max<std::size_t>(left, 1));
  text += fmt::format("{:>6} | {}\n", where.line, excerpt.text);
  text += fmt::format("       | {}{}\n",
                      std::string(excerpt.caret, ' '),
                      paint(std::string(carets, '^'), Role::failed, style));
  return text;
}

std::string render_one(const Diagnostic& diagnostic, const Sources& sources, const Style& style) {
  std::string text =
      paint(fmt::format("{}:", name_of(diagnostic.severity)), role_of(diagnostic.severity), style) +
      " " + paint(harmless(diagnostic.summary), Role::strong, style) + "\n";
  if (diagnostic.where) text += render_place(*diagnostic.where, sources, "-->", style);
  if (diagnostic.related) text += render_place(*diagnostic.related, sources, "see", style);
  for (const std::string& line : split(diagnostic.detail, '\n')) {
    if (!line.empty()) text += "  " + harmless(line) + "\n";
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
    text += render_one(diagnostic, sources, style) + "\n";
    errors += diagnostic.severity == Severity::error ? 1 : 0;
    warnings += diagnostic.severity == Severity::warning ? 1 : 0;
  }
  if (errors > 0)
    return text + fmt::format("{}, {}.", count_of(errors, "error"), count_of(warnings, "warning"));
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace aegis
