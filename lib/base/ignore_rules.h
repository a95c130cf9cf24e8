#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aegis {

/// The patterns of a .dockerignore file. A pattern is a path with `*`, `?` and `[...]` within one
/// piece and `**` for any number of pieces; it stands for what it matches and everything below.
/// `!` takes back what an earlier pattern left out, and the last pattern that matches decides.
class IgnoreRules {
 public:
  explicit IgnoreRules(std::string_view text);

  /// Is `path` (relative, without "./") left out?
  [[nodiscard]] bool ignores(const std::string& path) const;

  /// Is a folder left out with all that is in it, so that nobody need look there?
  [[nodiscard]] bool ignores_all_below(const std::string& folder) const;

 private:
  struct Rule {
    std::vector<std::string> pieces;
    bool takes_back = false;
  };
  std::vector<Rule> rules_;
};

}  // namespace aegis
