#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "kinds/proxmox/firewall/firewall_plan.h"
#include "kinds/proxmox/firewall/rule_match.h"

namespace aegis::proxmox {
namespace {

constexpr AttributeRule rule_for(std::string_view path, std::string_view note) {
  AttributeRule rule{};
  rule.path = path;
  rule.note = note;
  return rule;
}

constexpr AttributeRule compared_as_set(AttributeRule rule) {
  rule.compare = Compare::as_set;
  return rule;
}

constexpr std::array k_rules{
    rule_for("enable", "switched on last and off first; connections that are open stay open"),
    rule_for("rules", "in order: the first that fits decides"),
    rule_for("groups", ""),
    rule_for("aliases", ""),
    compared_as_set(rule_for("ipsets.*.entries", "")),
};

// The path of the first attribute that differs: what is said of a change as a whole is said there.
std::string first_difference(const Json& wanted, const Json& live, const std::string& prefix) {
  std::set<std::string> keys;
  for (const Json* side : {&wanted, &live}) {
    if (!side->is_object()) continue;
    for (const auto& [key, value] : side->items()) keys.insert(key);
  }
  for (const std::string& key : keys) {
    const Json& after = get(wanted, key);
    const Json& before = get(live, key);
    if (after == before) continue;
    std::string path = prefix.empty() ? key : fmt::format("{}.{}", prefix, key);
    if (!after.is_object() && !before.is_object()) return path;
    return first_difference(after, before, path);
  }
  return {};
}

std::vector<std::string> texts_in(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& text : list) texts.push_back(as_text(text));
  return texts;
}

// "SSH" of "IN SSH(ACCEPT) -source +admins"; empty for a rule without a macro.
std::string macro_in(const std::string& text) {
  const std::string head = text.substr(0, text.find(" -"));
  const std::size_t open = head.find('(');
  if (open == std::string::npos || head.find('#') < open) return {};
  const std::size_t blank = head.find(' ');
  return head.substr(blank + 1, open - blank - 1);
}

std::string macro_objection(const Json& rules, const Json& macros) {
  const auto known = texts_in(macros);
  if (known.empty()) return {};
  for (const std::string& text : texts_in(rules)) {
    const std::string macro = macro_in(text);
    if (macro.empty() || std::find(known.begin(), known.end(), macro) != known.end()) continue;
    const auto meant = closest_match(macro, known);
    return fmt::format("The host has no firewall macro `{}`.{}",
                       macro,
                       meant ? fmt::format(" Did you mean `{}`?", *meant) : "");
  }
  return {};
}

// "rule 3 added; rule 5 moved to 2", of rules as texts.
std::string describe_rules(const Json& before, const Json& after) {
  return describe_match(match_rules(texts_in(before), texts_in(after)));
}

}  // namespace

std::span<const AttributeRule> firewall_rules() {
  return k_rules;
}

void refine_firewall(AttributeChange& attribute,
                     const Json& wanted,
                     const Observation& live,
                     std::string& blocked) {
  const bool is_rules = attribute.path == "rules" || (attribute.path.starts_with("groups.") &&
                                                      attribute.path.ends_with(".rules"));
  if (is_rules) {
    attribute.note = describe_rules(attribute.before, attribute.after);
    blocked = macro_objection(attribute.after, get(live.context, "macros"));
  }
  if (attribute.path != first_difference(wanted, live.attributes, "")) return;
  const std::string lockout = text_or(live.context, "lockout");
  if (!blocked.empty() && !lockout.empty()) blocked += ' ';
  blocked += lockout;
}

}  // namespace aegis::proxmox
