#include "plan/rule_table.h"

#include <algorithm>

#include "base/text.h"

namespace aegis {
namespace {

constexpr AttributeRule k_no_rule{};

bool more_specific(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.size() != b.size()) return a.size() > b.size();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool a_names = a[i] != "*";
    const bool b_names = b[i] != "*";
    if (a_names != b_names) return a_names;
  }
  return false;
}

bool is_above(const std::vector<std::string>& pieces, const AttributePath& path) {
  if (pieces.size() > path.size()) return false;
  return std::equal(pieces.begin(),
                    pieces.end(),
                    path.begin(),
                    [](const std::string& rule_piece, const std::string& piece) {
                      return rule_piece == "*" || rule_piece == piece;
                    });
}

}  // namespace

std::string to_string(const AttributePath& path) {
  return join(path, ".");
}

RuleTable::RuleTable(std::span<const AttributeRule> rules) {
  rows_.reserve(rules.size());
  for (const AttributeRule& rule : rules) rows_.push_back({split(rule.path, '.'), &rule});
  std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return more_specific(a.pieces, b.pieces);
  });
}

const AttributeRule& RuleTable::find(const AttributePath& path) const {
  const auto found = std::find_if(
      rows_.begin(), rows_.end(), [&](const Row& row) { return is_above(row.pieces, path); });
  return found == rows_.end() ? k_no_rule : *found->rule;
}

}  // namespace aegis
