#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"

namespace aegis {

/// A path through an object, piece by piece. Pieces may hold dots of their own (label names).
using AttributePath = std::vector<std::string>;

/// The pieces joined with ".": for people, and as AttributeChange::path.
std::string to_string(const AttributePath& path);

/// A kind's attribute rules, cut into pieces once, to be asked for many paths.
class RuleTable {
 public:
  explicit RuleTable(std::span<const AttributeRule> rules);

  /// The most specific rule for `path`: the one with the most pieces, and among those the one whose
  /// first differing piece is a name and not "*". A path without any rule gets a rule that says:
  /// compared exactly, disturbs nothing.
  [[nodiscard]] const AttributeRule& find(const AttributePath& path) const;

 private:
  struct Row {
    std::vector<std::string> pieces;
    const AttributeRule* rule;
  };
  std::vector<Row> rows_;  ///< most specific first
};

}  // namespace aegis
