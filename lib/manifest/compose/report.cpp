#include "manifest/compose/report.h"

#include <fmt/format.h>

#include <set>
#include <tuple>

namespace aegis::compose {

void error(Diagnostics& diagnostics,
           const SourceSpan& where,
           std::string summary,
           std::string detail,
           const SourceSpan* related) {
  diagnostics.push_back(
      {Severity::error, std::move(summary), std::move(detail), where, std::nullopt});
  if (related != nullptr) diagnostics.back().related = *related;
}

void warning(Diagnostics& diagnostics,
             const SourceSpan& where,
             std::string summary,
             std::string detail) {
  diagnostics.push_back(
      {Severity::warning, std::move(summary), std::move(detail), where, std::nullopt});
}

void note(Diagnostics& diagnostics,
          const SourceSpan& where,
          std::string summary,
          std::string detail) {
  diagnostics.push_back(
      {Severity::note, std::move(summary), std::move(detail), where, std::nullopt});
}

std::string shown(const Node& scalar) {
  if (scalar.interpolated) return "what its variables give";
  return scalar.text.empty() ? "empty" : fmt::format("`{}`", scalar.text);
}

std::string_view type_words(const Node& node) {
  switch (node.type) {
    case Node::Type::null:
      return "empty";
    case Node::Type::boolean:
      return "true or false";
    case Node::Type::integer:
    case Node::Type::number:
      return "a number";
    case Node::Type::string:
      return "text";
    case Node::Type::sequence:
      return "a list";
    case Node::Type::mapping:
      return "a mapping";
  }
  return "";
}

void wrong_type(Diagnostics& diagnostics, const Node& node, std::string_view expected) {
  error(diagnostics,
        node.where,
        "wrong type",
        fmt::format("`{}` must be {}, not {}.", node.path, expected, type_words(node)));
}

void wrong_value(Diagnostics& diagnostics,
                 const Node& node,
                 std::string_view expected,
                 std::string_view help) {
  error(diagnostics,
        node.where,
        "invalid value",
        fmt::format("`{}` is {}, which is not {}.{}{}",
                    node.path,
                    shown(node),
                    expected,
                    help.empty() ? "" : " ",
                    help));
}

void remove_duplicates(Diagnostics& diagnostics) {
  using Key = std::tuple<SourceSpan, std::string, std::string>;
  std::set<Key> seen;
  std::erase_if(diagnostics, [&](const Diagnostic& diagnostic) {
    const SourceSpan where = diagnostic.where.value_or(SourceSpan{});
    return !seen.insert({where, diagnostic.summary, diagnostic.detail}).second;
  });
}

}  // namespace aegis::compose
