#include "manifest/yaml_places.h"

#include <algorithm>

#include "base/text.h"

namespace aegis {
namespace {

int characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

// The scalar at the start of `line` with its quotes.
std::string_view as_written(std::string_view line, std::string_view value) {
  const char first = line.empty() ? ' ' : line.front();
  if (first == '|' || first == '>') return line.substr(0, line.find_first_of(" #"));
  if (first == '*') return line.substr(0, line.find_first_of(" ,]}"));
  if (first != '"' && first != '\'') return line.substr(0, value.size());
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (first == '"' && line[i] == '\\') {
      ++i;
    } else if (line[i] == first) {
      const bool is_escaped = first == '\'' && i + 1 < line.size() && line[i + 1] == first;
      if (!is_escaped) return line.substr(0, i + 1);
      ++i;
    }
  }
  return line;
}

}  // namespace

std::string_view YamlPlaces::rest_of_line(std::size_t at) const {
  at = std::min(at, text_.size());
  std::string_view line = text_.substr(at, text_.find('\n', at) - at);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  return line;
}

std::size_t YamlPlaces::behind_properties(std::size_t at) const {
  const std::string_view line = rest_of_line(at);
  std::size_t skipped = 0;
  while (skipped < line.size() && (line[skipped] == '&' || line[skipped] == '!')) {
    const std::size_t blank = line.find_first_of(" \t", skipped);
    const std::size_t next = line.find_first_not_of(" \t", blank);
    if (blank == std::string_view::npos || next == std::string_view::npos || line[next] == '#')
      return at;
    skipped = next;
  }
  return at + skipped;
}

SourceSpan YamlPlaces::place(const YAML::Mark& mark, std::size_t at) const {
  const std::size_t end = std::min(at, text_.size());
  const std::size_t newline = end == 0 ? std::string_view::npos : text_.rfind('\n', end - 1);
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return {file_, mark.line + 1, characters(text_.substr(start, end - start)) + 1, 1};
}

SourceSpan YamlPlaces::point(const YAML::Mark& mark) const {
  return place(mark, behind_properties(static_cast<std::size_t>(std::max(mark.pos, 0))));
}

SourceSpan YamlPlaces::scalar(const YAML::Mark& mark, std::string_view value) const {
  const std::size_t at = behind_properties(static_cast<std::size_t>(std::max(mark.pos, 0)));
  SourceSpan span = place(mark, at);
  span.length = std::max(1, characters(as_written(rest_of_line(at), value)));
  return span;
}

std::string_view YamlPlaces::word(const YAML::Mark& mark) const {
  const std::string_view line =
      rest_of_line(behind_properties(static_cast<std::size_t>(std::max(mark.pos, 0))));
  return line.substr(0, line.find_first_of(" \t:,]}#"));
}

bool YamlPlaces::starts_document(const YAML::Mark& mark) const {
  const std::size_t at = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  if (text_.substr(at).starts_with("---") || at == text_.size()) return true;
  const std::string_view before = text_.substr(0, at);
  const std::size_t marker = before.rfind("\n...");
  if (marker == std::string_view::npos) return before.starts_with("...");
  const auto lines = split(before.substr(marker + 1), '\n');
  return std::all_of(lines.begin() + 1, lines.end(), [](const std::string& line) {
    const std::string_view words = trim(line);
    return words.empty() || words.front() == '#' || words.front() == '%' || words == "...";
  });
}

}  // namespace aegis
