#include "plan/diff.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "base/vault.h"
#include "plan/rules.h"

namespace aegis {
namespace {

bool is_absent(const Json& value) {
  return value.is_null() || (value.is_object() && value.empty());
}

Json lower_case(const Json& value) {
  if (value.is_string()) return to_lower(value.get_ref<const std::string&>());
  if (!value.is_array()) return value;
  Json lowered = value;
  for (Json& item : lowered) item = lower_case(item);
  return lowered;
}

Json sorted_set(const Json& value) {
  if (!value.is_array()) return value;
  const std::set<Json> items(value.begin(), value.end());
  return Json(items);
}

bool are_equal(const Json& wanted, const Json& live, Compare compare) {
  if (is_absent(wanted) && is_absent(live)) return true;
  switch (compare) {
    case Compare::exact:
      return wanted == live;
    case Compare::as_set:
      return sorted_set(wanted) == sorted_set(live);
    case Compare::ignore_case:
      return lower_case(wanted) == lower_case(live);
  }
  return false;
}

bool is_plain_object(const Json& value) {
  return value.is_object() && !is_sealed(value);
}

class Differ {
 public:
  explicit Differ(std::span<const AttributeRule> rules) : rules_(rules) {}

  void compare(const std::string& path, const Json& wanted, const Json& live) {
    const AttributeRule* rule = path.empty() ? nullptr : find_rule(rules_, path);
    if (rule != nullptr && rule->write_only) return;
    const bool whole = rule != nullptr && rule->whole;
    // Equal subtrees are by far the most: they cost one comparison and no path.
    if (wanted == live) return;
    if (!whole && (is_plain_object(wanted) || is_plain_object(live)) &&
        (is_plain_object(wanted) || wanted.is_null()) &&
        (is_plain_object(live) || live.is_null())) {
      compare_members(path, wanted, live);
      return;
    }
    if (are_equal(wanted, live, rule == nullptr ? Compare::exact : rule->compare)) return;
    changes_.push_back(make_change(path, wanted, live, rule));
  }

  std::vector<AttributeChange> take() { return std::move(changes_); }

 private:
  void compare_members(const std::string& path, const Json& wanted, const Json& live) {
    std::set<std::string> keys;
    for (const Json* side : {&wanted, &live}) {
      if (!side->is_object()) continue;
      for (const auto& [key, value] : side->items()) keys.insert(key);
    }
    for (const std::string& key : keys) {
      compare(path.empty() ? key : path + "." + key, get(wanted, key), get(live, key));
    }
  }

  static AttributeChange make_change(const std::string& path,
                                     const Json& wanted,
                                     const Json& live,
                                     const AttributeRule* rule) {
    AttributeChange change;
    change.path = path;
    change.before = live;
    change.after = wanted;
    if (rule == nullptr) return change;
    change.disruption = rule->disruption;
    change.door = rule->door;
    change.forces_replace = rule->immutable;
    change.note = rule->note;
    return change;
  }

  std::span<const AttributeRule> rules_;
  std::vector<AttributeChange> changes_;
};

}  // namespace

std::vector<AttributeChange> diff(const Json& wanted,
                                  const Json& live,
                                  std::span<const AttributeRule> rules) {
  Differ differ(rules);
  differ.compare("", wanted, live);
  return differ.take();
}

}  // namespace aegis
