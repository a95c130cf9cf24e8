#include "plan/rules.h"

#include <algorithm>
#include <optional>

namespace aegis {
namespace {

struct Fit {
  std::size_t pieces = 0;
  std::size_t wildcards = 0;
};

std::string_view take_piece(std::string_view& path) {
  const std::size_t dot = path.find('.');
  const std::string_view piece = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  return piece;
}

std::optional<Fit> fit_of(std::string_view pattern, std::string_view path) {
  Fit fit;
  while (!pattern.empty()) {
    if (path.empty()) return std::nullopt;
    const std::string_view wanted = take_piece(pattern);
    const std::string_view actual = take_piece(path);
    if (wanted != "*" && wanted != actual) return std::nullopt;
    ++fit.pieces;
    if (wanted == "*") ++fit.wildcards;
  }
  return fit;
}

}  // namespace

const AttributeRule* find_rule(std::span<const AttributeRule> rules, std::string_view path) {
  const AttributeRule* best = nullptr;
  Fit best_fit;
  for (const AttributeRule& rule : rules) {
    const auto fit = fit_of(rule.path, path);
    if (!fit) continue;
    const bool better = best == nullptr || fit->pieces > best_fit.pieces ||
                        (fit->pieces == best_fit.pieces && fit->wildcards < best_fit.wildcards);
    if (!better) continue;
    best = &rule;
    best_fit = *fit;
  }
  return best;
}

}  // namespace aegis
