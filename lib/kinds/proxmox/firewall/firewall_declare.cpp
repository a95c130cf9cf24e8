#include "kinds/proxmox/firewall/firewall_declare.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kinds/proxmox/firewall/firewall_replies.h"
#include "kinds/proxmox/firewall/model.h"
#include "kinds/proxmox/firewall/rule.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

bool is_declared(const Batch& batch, std::string_view name) {
  return std::any_of(batch.resources.begin(), batch.resources.end(), [&](const Resource* resource) {
    return resource->address.name == name;
  });
}

// The levels of the server that no resource names.
std::vector<std::string> undeclared(const Batch& batch) {
  std::vector<std::string> names;
  for (const std::string_view name : {"datacenter", "node"}) {
    if (!is_declared(batch, name)) names.emplace_back(name);
  }
  return names;
}

FirewallLevel level_named(std::string_view name, const Scope& scope) {
  return firewall_level(name, text_or(scope.settings, "node"), 0);
}

// Numbers as numbers, one word as a text, several as a list.
Json words_spec(const std::string& text) {
  const auto spec = [](const std::string& word) {
    const auto number = as_integer(word);
    return number ? Json(*number) : Json(word);
  };
  const std::vector<std::string> words = split_any(text, ",");
  if (words.size() == 1) return spec(words.front());
  Json list = Json::array();
  for (const std::string& word : words) list.push_back(spec(word));
  return list;
}

Json spec_of_rule(const Json& rule) {
  Json spec = {{text_or(rule, "type"), text_or(rule, "action")}};
  if (!is_enabled(rule)) spec["enable"] = false;
  for (const char* key : {"macro", "proto", "iface", "log", "comment"}) {
    if (rule.contains(key)) spec[key] = text_or(rule, key);
  }
  for (const char* key : {"source", "dest", "dport", "sport"}) {
    if (rule.contains(key)) spec[key] = words_spec(text_or(rule, key));
  }
  if (rule.contains("icmp-type")) spec["icmp_type"] = text_or(rule, "icmp-type");
  return spec;
}

// Without our marker.
Json rule_specs(const Json& holder) {
  Json specs = Json::array();
  for (const Json& rule : rules_in(holder)) {
    if (!is_marker(rule)) specs.push_back(spec_of_rule(rule));
  }
  return specs;
}

// `value` alone where there is no comment: a person would not write more.
Json with_comment(const std::string& member, Json value, const Json& item) {
  const std::string comment = text_or(item, "comment");
  if (comment.empty()) return value;
  return {{"comment", comment}, {member, std::move(value)}};
}

Json spec_of_entry(const Json& entry) {
  const bool excluded = get(entry, "nomatch") == true;
  if (!excluded) return with_comment("cidr", get(entry, "cidr"), entry);
  Json spec = {{"cidr", get(entry, "cidr")}, {"nomatch", true}};
  if (!text_or(entry, "comment").empty()) spec["comment"] = text_or(entry, "comment");
  return spec;
}

Json spec_of_set(const Json& set) {
  Json entries = Json::array();
  for (const Json& entry : get(set, "entries")) entries.push_back(spec_of_entry(entry));
  return with_comment("entries", std::move(entries), set);
}

Json spec_of_option(const FirewallOption& option, const std::string& text) {
  if (option.name == "log_ratelimit") {
    Json limit = to_json(parse_properties(text, "enable"));
    limit["enable"] = as_bool(get(limit, "enable")).value_or(true);
    if (const auto burst = as_integer(get(limit, "burst"))) limit["burst"] = *burst;
    return limit;
  }
  if (option.name == "nf_conntrack_helpers") return split_any(text, ",");
  if (option.type == FirewallOption::Type::flag) return text == "1";
  if (option.type == FirewallOption::Type::number) return as_integer(text).value_or(0);
  return text;
}

}  // namespace

Json spec_of_firewall(const FirewallLevel& level, const Json& firewall) {
  Json spec = Json::object();
  const Json& options = get(firewall, "options");
  for (const FirewallOption& option : firewall_options(level.type)) {
    const std::string text = text_or(options, option.name);
    if (!text.empty()) spec[std::string(option.name)] = spec_of_option(option, text);
  }
  Json rules = rule_specs(firewall);
  if (!rules.empty()) spec["rules"] = std::move(rules);
  for (const Json& alias : get(firewall, "aliases")) {
    spec["aliases"][text_or(alias, "name")] = with_comment("cidr", get(alias, "cidr"), alias);
  }
  for (const auto& [name, set] : get(firewall, "ipsets").items()) {
    spec["ipsets"][name] = spec_of_set(set);
  }
  for (const auto& [name, group] : get(firewall, "groups").items()) {
    spec["groups"][name] = with_comment("rules", rule_specs(group), group);
  }
  return spec;
}

std::vector<Query> survey_firewalls(const Batch& batch, const Replies& replies) {
  std::vector<Query> queries;
  for (const std::string& name : undeclared(batch)) {
    for (Query& query : queries_of_level(batch.scope, level_named(name, batch.scope), replies)) {
      queries.push_back(std::move(query));
    }
  }
  return queries;
}

Result<std::vector<Declaration>> declare_firewalls(const Batch& batch, const Replies& replies) {
  std::vector<Declaration> declarations;
  for (const std::string& name : undeclared(batch)) {
    const FirewallLevel level = level_named(name, batch.scope);
    const auto firewall = read_level(batch.scope, level, replies);
    if (!firewall) return firewall.error();
    if (is_bare(*firewall)) continue;
    declarations.push_back(
        {{batch.scope.name, "firewall", name}, spec_of_firewall(level, *firewall), {}});
  }
  return declarations;
}

}  // namespace aegis::proxmox
