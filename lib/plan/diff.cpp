#include "plan/diff.h"

#include <algorithm>

#include "base/text.h"
#include "base/vault.h"

namespace aegis {
namespace {

bool is_plain_object(const Json& value) {
  return value.is_object() && !is_sealed(value);
}

bool is_empty(const Json& value) {
  return value.is_null() || (value.is_structured() && value.empty());
}

Json folded(const Json& value) {
  if (value.is_string()) return to_lower(value.get_ref<const std::string&>());
  if (!value.is_array()) return value;
  Json copy = value;
  for (Json& element : copy) element = folded(element);
  return copy;
}

std::vector<Json> as_sorted_set(const Json& array) {
  std::vector<Json> elements(array.begin(), array.end());
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  return elements;
}

bool same_set(const Json& wanted, const Json& live) {
  if (is_empty(wanted) && is_empty(live)) return true;
  if (!wanted.is_array() || !live.is_array()) return wanted == live;
  return as_sorted_set(wanted) == as_sorted_set(live);
}

AttributeChange change_by_rule(const AttributePath& path,
                               const Json& before,
                               const Json& after,
                               const AttributeRule& rule) {
  AttributeChange change;
  change.path = to_string(path);
  change.before = before;
  change.after = after;
  change.disruption = rule.disruption;
  change.door = rule.door;
  change.forces_replace = rule.immutable;
  change.note = rule.note;
  return change;
}

// Walks two values together. One object serves one comparison.
class Walk {
 public:
  explicit Walk(const RuleTable& rules) : rules_(rules) {}

  void compare(const Json& wanted, const Json& live) {
    if (wanted == live) return;
    const AttributeRule& rule = rules_.find(path_);
    const bool objects =
        (is_plain_object(wanted) || wanted.is_null()) && (is_plain_object(live) || live.is_null());
    if (objects && (!rule.whole || path_.empty())) {
      compare_members(wanted, live);
    } else if (!rule.write_only && !same_value(wanted, live, rule.compare)) {
      found_.push_back(change_by_rule(path_, live, wanted, rule));
    }
  }

  void list(const Json& wanted) {
    if (is_empty(wanted)) return;
    const AttributeRule& rule = rules_.find(path_);
    if (!is_plain_object(wanted) || (rule.whole && !path_.empty())) {
      AttributeChange change = change_by_rule(path_, Json(), wanted, rule);
      change.disruption = Disruption::none;
      change.forces_replace = false;
      found_.push_back(std::move(change));
      return;
    }
    for (const auto& [name, value] : wanted.items()) {
      path_.push_back(name);
      list(value);
      path_.pop_back();
    }
  }

  std::vector<AttributeChange> take() {
    std::stable_sort(
        found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  void compare_members(const Json& wanted, const Json& live) {
    const auto descend = [this](const std::string& name, const Json& w, const Json& l) {
      path_.push_back(name);
      compare(w, l);
      path_.pop_back();
    };
    if (wanted.is_object()) {
      for (const auto& [name, value] : wanted.items()) descend(name, value, get(live, name));
    }
    if (!live.is_object()) return;
    for (const auto& [name, value] : live.items()) {
      if (!wanted.is_object() || !wanted.contains(name)) descend(name, Json(), value);
    }
  }

  const RuleTable& rules_;
  AttributePath path_;
  std::vector<AttributeChange> found_;
};

}  // namespace

bool same_value(const Json& wanted, const Json& live, Compare compare) {
  switch (compare) {
    case Compare::exact:
      return wanted == live;
    case Compare::as_set:
      return same_set(wanted, live);
    case Compare::ignore_case:
      return folded(wanted) == folded(live);
  }
  return false;
}

std::vector<AttributeChange> diff(const Json& wanted, const Json& live, const RuleTable& rules) {
  Walk walk(rules);
  walk.compare(wanted, live);
  return walk.take();
}

std::vector<AttributeChange> attributes_of_new(const Json& wanted, const RuleTable& rules) {
  Walk walk(rules);
  walk.list(wanted);
  return walk.take();
}

}  // namespace aegis
