#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis::proxmox {

/// One call on an ordered list of rules. Positions count from 0, as Proxmox does.
struct RuleEdit {
  enum class Type { insert, move, change, remove };
  Type type = Type::insert;
  std::size_t position = 0;  ///< of the rule; a new one always comes to 0
  std::size_t target = 0;    ///< of a move: it lands before the rule that is there now
  Json rule;                 ///< as it is after the call (of a removed one: as it was)
  std::string before;        ///< key of the list that the call is made for
  std::string after;         ///< key of the list that it leaves
};
std::string_view to_string(RuleEdit::Type type);

/// Tells lists of rules apart: equal for equal rules in the same order.
std::string key_of_rules(const std::vector<Json>& rules);

/// The fewest calls that make `wanted` of `live`. What lets something pass is added before anything
/// is taken away, and what blocks is switched on only when all that lets pass is in its place: at
/// no moment is less allowed than before and after.
std::vector<RuleEdit> edits_between(const std::vector<Json>& live, const std::vector<Json>& wanted);

}  // namespace aegis::proxmox
