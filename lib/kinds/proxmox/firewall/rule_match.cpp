#include "kinds/proxmox/firewall/rule_match.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

using Texts = std::vector<std::string>;

// "IN ACCEPT" of "|IN SSH(ACCEPT) -source lan": what a rule does, whatever it is about.
std::string deed_of(std::string_view text) {
  if (text.starts_with('|')) text.remove_prefix(1);
  const std::size_t blank = text.find(' ');
  std::string_view action = text.substr(blank + 1);
  action = action.substr(0, action.find(' '));
  const std::size_t open = action.find('(');
  if (open != std::string_view::npos) action = action.substr(open + 1, action.size() - open - 2);
  return fmt::format("{} {}", text.substr(0, blank), action);
}

// The mark of an owner is not made into something else.
bool is_mark(std::string_view text) {
  return text.starts_with('|') && text.find(" # aegisctl") != std::string_view::npos;
}

class Matcher {
 public:
  Matcher(const Texts& live, const Texts& wanted) : live_(live), wanted_(wanted) {
    match_.wanted.resize(wanted.size());
    taken_.resize(live.size());
  }

  RuleMatch match() {
    keep_longest();
    move_equal();
    change_alike();
    for (std::size_t i = 0; i < live_.size(); ++i) {
      if (!taken_[i]) match_.removed.push_back(i);
    }
    return std::move(match_);
  }

 private:
  void pair(std::size_t wanted, std::size_t live, RuleMatch::Fate fate) {
    match_.wanted[wanted] = {fate, live};
    taken_[live] = true;
  }

  void keep_longest() {
    const std::size_t n = live_.size();
    const std::size_t m = wanted_.size();
    std::vector<std::vector<std::size_t>> length(n + 1, std::vector<std::size_t>(m + 1));
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t j = m; j-- > 0;) {
        length[i][j] = live_[i] == wanted_[j] ? length[i + 1][j + 1] + 1
                                              : std::max(length[i + 1][j], length[i][j + 1]);
      }
    }
    for (std::size_t i = 0, j = 0; i < n && j < m;) {
      if (live_[i] == wanted_[j]) {
        pair(j++, i++, RuleMatch::Fate::kept);
      } else if (length[i + 1][j] >= length[i][j + 1]) {
        ++i;
      } else {
        ++j;
      }
    }
  }

  void move_equal() {
    for (std::size_t j = 0; j < wanted_.size(); ++j) {
      if (match_.wanted[j].live) continue;
      for (std::size_t i = 0; i < live_.size(); ++i) {
        if (taken_[i] || live_[i] != wanted_[j]) continue;
        pair(j, i, RuleMatch::Fate::moved);
        break;
      }
    }
  }

  // The kept rule before each place tells the gap that the place is in.
  void change_alike() {
    std::size_t first = 0;
    for (std::size_t j = 0; j < wanted_.size(); ++j) {
      const RuleMatch::Wanted& own = match_.wanted[j];
      if (own.fate == RuleMatch::Fate::kept || own.fate == RuleMatch::Fate::changed) {
        first = *own.live + 1;
      } else if (!own.live) {
        change_in_gap(j, first);
        if (match_.wanted[j].live) first = *match_.wanted[j].live + 1;
      }
    }
  }

  void change_in_gap(std::size_t wanted, std::size_t first) {
    for (std::size_t i = first; i < live_.size(); ++i) {
      const bool anchor =
          taken_[i] &&
          std::any_of(
              match_.wanted.begin(), match_.wanted.end(), [&](const RuleMatch::Wanted& other) {
                return other.live == i && other.fate == RuleMatch::Fate::kept;
              });
      if (anchor) return;
      if (taken_[i] || !is_alike(live_[i], wanted_[wanted])) continue;
      pair(wanted, i, RuleMatch::Fate::changed);
      return;
    }
  }

  static bool is_alike(const std::string& live, const std::string& wanted) {
    return deed_of(live) == deed_of(wanted) && !is_mark(live) && !is_mark(wanted);
  }

  const Texts& live_;
  const Texts& wanted_;
  RuleMatch match_;
  std::vector<bool> taken_;
};

}  // namespace

RuleMatch match_rules(const Texts& live, const Texts& wanted) {
  return Matcher(live, wanted).match();
}

std::string describe_match(const RuleMatch& match) {
  using Fate = RuleMatch::Fate;
  std::vector<std::string> pieces;
  for (std::size_t j = 0; j < match.wanted.size(); ++j) {
    const RuleMatch::Wanted& own = match.wanted[j];
    if (own.fate == Fate::added) pieces.push_back(fmt::format("rule {} added", j + 1));
    if (own.fate == Fate::changed) pieces.push_back(fmt::format("rule {} changed", *own.live + 1));
    if (own.fate == Fate::moved) {
      pieces.push_back(fmt::format("rule {} moved to {}", *own.live + 1, j + 1));
    }
  }
  for (const std::size_t i : match.removed) pieces.push_back(fmt::format("rule {} removed", i + 1));
  return join(pieces, "; ");
}

}  // namespace aegis::proxmox
