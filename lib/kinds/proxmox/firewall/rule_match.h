#pragma once

#include <optional>
#include <string>
#include <vector>

namespace aegis::proxmox {

/// What becomes of the rules of a list.
struct RuleMatch {
  enum class Fate { kept, moved, changed, added };
  struct Wanted {
    Fate fate = Fate::added;
    std::optional<std::size_t> live;  ///< which live rule it is made of
  };
  std::vector<Wanted> wanted;        ///< one for each wanted rule
  std::vector<std::size_t> removed;  ///< live rules that go, ascending
};

/// Finds for each wanted rule the live one that it is: as many as possible stay where they are
/// (the longest common subsequence), equal ones elsewhere move, and one of the same direction and
/// action in the same gap is changed. Rules are given as rule.h's texts.
RuleMatch match_rules(const std::vector<std::string>& live, const std::vector<std::string>& wanted);

/// What differs, for people: "rule 3 added; rule 5 moved to 2". Numbers count from 1.
std::string describe_match(const RuleMatch& match);

}  // namespace aegis::proxmox
