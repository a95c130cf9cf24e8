#include "kinds/proxmox/firewall/rule_edits.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/digest.h"
#include "base/text.h"
#include "kinds/proxmox/firewall/rule.h"
#include "kinds/proxmox/firewall/rule_match.h"

namespace aegis::proxmox {
namespace {

using Fate = RuleMatch::Fate;

std::vector<std::string> texts_of(const std::vector<Json>& rules) {
  std::vector<std::string> texts;
  texts.reserve(rules.size());
  for (const Json& rule : rules) texts.push_back(rule_text(rule));
  return texts;
}

// Plays the calls on a copy of the list, to know the positions.
class Editor {
 public:
  Editor(const std::vector<Json>& live, const std::vector<Json>& wanted)
      : wanted_(wanted), match_(match_rules(texts_of(live), texts_of(wanted))) {
    for (const Json& rule : live) items_.push_back({rule, std::nullopt});
    for (std::size_t j = 0; j < wanted.size(); ++j) {
      if (match_.wanted[j].live) items_[*match_.wanted[j].live].place = j;
    }
    placed_.resize(wanted.size());
    for (std::size_t j = 0; j < wanted.size(); ++j) {
      const Fate fate = match_.wanted[j].fate;
      placed_[j] = fate == Fate::kept || fate == Fate::changed;
    }
  }

  std::vector<RuleEdit> edits() {
    for (std::size_t j = wanted_.size(); j-- > 0;) {
      if (match_.wanted[j].fate == Fate::added) insert(j);
    }
    for (std::size_t j = 0; j < wanted_.size(); ++j) {
      if (match_.wanted[j].fate == Fate::moved) bring(j);
    }
    settle([](const Json& rule) { return only_accepts(rule); }, Fate::added);
    settle([](const Json&) { return true; }, Fate::changed);
    settle([](const Json&) { return true; }, Fate::added);
    remove_rest();
    return std::move(edits_);
  }

 private:
  struct Item {
    Json rule;
    std::optional<std::size_t> place;  ///< its number among the wanted ones
  };

  [[nodiscard]] std::string key() const {
    std::vector<Json> rules;
    for (const Item& item : items_) rules.push_back(item.rule);
    return key_of_rules(rules);
  }

  [[nodiscard]] std::size_t index_of(std::size_t place) const {
    const auto found = std::find_if(
        items_.begin(), items_.end(), [&](const Item& item) { return item.place == place; });
    return static_cast<std::size_t>(found - items_.begin());
  }

  // Whether no rule that has its place stands on the wrong side of `place`.
  [[nodiscard]] bool stands_right(std::size_t place) const {
    const std::size_t own = index_of(place);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const auto other = items_[i].place;
      if (!other || *other == place || !placed_[*other]) continue;
      if ((i < own) != (*other < place)) return false;
    }
    return true;
  }

  void record(RuleEdit edit, const std::string& before) {
    edit.before = before;
    edit.after = key();
    edits_.push_back(std::move(edit));
  }

  // Made switched off, unless it stands where it belongs at once and only lets something pass.
  void insert(std::size_t place) {
    const std::string before = key();
    Json rule = wanted_[place];
    items_.insert(items_.begin(), Item{rule, place});
    const bool ready = stands_right(place) && only_accepts(rule);
    if (!ready) rule["enable"] = "0";
    items_.front().rule = rule;
    record({RuleEdit::Type::insert, 0, 0, std::move(rule), {}, {}}, before);
    bring(place);
  }

  void bring(std::size_t place) {
    if (!stands_right(place)) {
      const std::string before = key();
      const std::size_t from = index_of(place);
      std::size_t target = items_.size();
      for (std::size_t j = place + 1; j < wanted_.size() && target == items_.size(); ++j) {
        if (placed_[j]) target = index_of(j);
      }
      Item item = items_[from];
      items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(target), item);
      items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(from < target ? from : from + 1));
      record({RuleEdit::Type::move, from, target, item.rule, {}, {}}, before);
    }
    placed_[place] = true;
  }

  // Gives rules of one fate, which stand in their places, what they still lack.
  void settle(bool (*concerns)(const Json& rule), Fate fate) {
    for (std::size_t j = 0; j < wanted_.size(); ++j) {
      if (match_.wanted[j].fate != fate || !concerns(wanted_[j])) continue;
      const std::size_t at = index_of(j);
      if (items_[at].rule == wanted_[j]) continue;
      const std::string before = key();
      items_[at].rule = wanted_[j];
      record({RuleEdit::Type::change, at, 0, wanted_[j], {}, {}}, before);
    }
  }

  void remove_rest() {
    for (std::size_t i = items_.size(); i-- > 0;) {
      if (items_[i].place) continue;
      const std::string before = key();
      const Json rule = items_[i].rule;
      items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i));
      record({RuleEdit::Type::remove, i, 0, rule, {}, {}}, before);
    }
  }

  const std::vector<Json>& wanted_;
  RuleMatch match_;
  std::vector<Item> items_;
  std::vector<bool> placed_;  ///< by number among the wanted ones: stands right for good
  std::vector<RuleEdit> edits_;
};

}  // namespace

std::string_view to_string(RuleEdit::Type type) {
  constexpr std::array<std::string_view, 4> k_names{"insert", "move", "change", "remove"};
  return k_names.at(static_cast<std::size_t>(type));
}

std::string key_of_rules(const std::vector<Json>& rules) {
  return sha256_hex(join(texts_of(rules), "\n"));
}

std::vector<RuleEdit> edits_between(const std::vector<Json>& live,
                                    const std::vector<Json>& wanted) {
  return Editor(live, wanted).edits();
}

}  // namespace aegis::proxmox
