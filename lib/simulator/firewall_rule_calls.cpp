#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "simulator/firewall_calls.h"
#include "simulator/firewall_values.h"

namespace aegis::simulator {
namespace {

constexpr std::array<std::string_view, 13> k_members{"type",
                                                     "action",
                                                     "enable",
                                                     "macro",
                                                     "iface",
                                                     "source",
                                                     "dest",
                                                     "proto",
                                                     "dport",
                                                     "sport",
                                                     "log",
                                                     "icmp-type",
                                                     "comment"};

RuleContext context_of(World& world, const Call& call) {
  return {world.firewalls.cluster, call.has("vmid") ? &firewall_of(world, call) : nullptr};
}

// The list that `call` is about, or why there is none.
Refusal find_rules(World& world, const Call& call, FirewallRules*& rules) {
  if (!call.has("group")) {
    rules = &firewall_of(world, call).rules;
    return {};
  }
  const std::string name = call.text("group");
  const auto group = world.firewalls.cluster.groups.find(name);
  if (group == world.firewalls.cluster.groups.end()) {
    return refuse(fmt::format("no such security group '{}'", name));
  }
  rules = &group->second.rules;
  return {};
}

// As above, with the rule at `pos` and the right digest.
Refusal find_rule(World& world, const Call& call, FirewallRules*& rules, std::size_t& position) {
  if (Refusal refusal = find_rules(world, call, rules)) return refusal;
  if (Refusal refusal = check_firewall_digest(call.text("digest"), digest_of(*rules))) {
    return refusal;
  }
  position = static_cast<std::size_t>(call.number("pos"));
  if (position < rules->size()) return {};
  return refuse(fmt::format("no rule at position {}", position));
}

// Sets what was sent; an empty text and "-" take a member away.
void take_members(const Call& call, FirewallRule& rule) {
  for (const std::string_view member : k_members) {
    if (!call.has(member)) continue;
    const std::string value = call.text(member);
    if (value.empty() || value == "-") {
      rule.erase(std::string(member));
    } else {
      rule[std::string(member)] = value;
    }
  }
  for (const std::string& member : split_any(call.text("delete"), ", ;")) rule.erase(member);
}

// Counted before the rule is taken out: it lands before the one that is at `target` now.
void move_rule(FirewallRules& rules, std::size_t position, std::size_t target) {
  FirewallRule rule = rules[position];
  rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(position));
  if (target > position) --target;
  target = std::min(target, rules.size());
  rules.insert(rules.begin() + static_cast<std::ptrdiff_t>(target), std::move(rule));
}

}  // namespace

Answer list_firewall_rules(World& world, const Call& call) {
  FirewallRules* rules = nullptr;
  if (Refusal refusal = find_rules(world, call, rules)) return *refusal;
  return answer(rules_json(*rules));
}

Answer create_firewall_rule(World& world, const Call& call) {
  FirewallRules* rules = nullptr;
  if (Refusal refusal = find_rules(world, call, rules)) return *refusal;
  FirewallRule rule;
  take_members(call, rule);
  FieldErrors errors = settle_rule(rule, context_of(world, call));
  if (!errors.empty()) return invalid(std::move(errors));
  // Proxmox takes `pos` and `digest`, and looks at neither.
  rules->insert(rules->begin(), std::move(rule));
  return answer();
}

Answer read_firewall_rule(World& world, const Call& call) {
  FirewallRules* rules = nullptr;
  std::size_t position = 0;
  if (Refusal refusal = find_rule(world, call, rules, position)) return *refusal;
  Json rule = rules_json(*rules)[position];
  rule["pos"] = fmt::format("{}", position);
  return answer(std::move(rule));
}

Answer update_firewall_rule(World& world, const Call& call) {
  FirewallRules* rules = nullptr;
  std::size_t position = 0;
  if (Refusal refusal = find_rule(world, call, rules, position)) return *refusal;
  if (call.has("moveto")) {
    move_rule(*rules, position, static_cast<std::size_t>(call.number("moveto")));
    return answer();
  }
  FirewallRule rule = (*rules)[position];
  take_members(call, rule);
  FieldErrors errors = settle_rule(rule, context_of(world, call));
  if (!errors.empty()) return invalid(std::move(errors));
  (*rules)[position] = std::move(rule);
  return answer();
}

Answer delete_firewall_rule(World& world, const Call& call) {
  FirewallRules* rules = nullptr;
  std::size_t position = 0;
  if (Refusal refusal = find_rule(world, call, rules, position)) return *refusal;
  rules->erase(rules->begin() + static_cast<std::ptrdiff_t>(position));
  return answer();
}

}  // namespace aegis::simulator
