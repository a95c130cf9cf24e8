#include "kinds/proxmox/firewall/model.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/firewall/network.h"
#include "kinds/proxmox/firewall/rule.h"

namespace aegis::proxmox {
namespace {

std::string comment_of(const Json& item) {
  return std::string(trim(text_or(item, "comment")));
}

// A text stands for an object with only its `member`.
Json as_object(const Json& value, const std::string& member) {
  return value.is_object() ? value : Json{{member, value}};
}

Json options_in(const FirewallLevel& level, const Json& source) {
  Json options = Json::object();
  for (const FirewallOption& option : firewall_options(level.type)) {
    const std::string text = option_text(option, get(source, option.name));
    if (!text.empty()) options[std::string(option.name)] = text;
  }
  return options;
}

Json entry_of(const Json& item) {
  const std::string cidr = as_text(get(item, "cidr"));
  return {{"nomatch", as_bool(get(item, "nomatch")).value_or(false)},
          {"comment", comment_of(item)},
          {"cidr", cidr}};
}

Json entries_of(const Json& list) {
  Json entries = Json::object();
  for (const Json& element : list) {
    const Json item = as_object(element, "cidr");
    entries[canonical_network(as_text(get(item, "cidr")))] = entry_of(item);
  }
  return entries;
}

Json alias_of(const std::string& name, const Json& item) {
  return {{"name", name}, {"cidr", as_text(get(item, "cidr"))}, {"comment", comment_of(item)}};
}

Json rules_of_specs(const Json& list, const Json& macros) {
  Json rules = Json::array();
  for (const Json& spec : list) rules.push_back(rule_of_spec(spec, macros));
  return rules;
}

Json rules_of_items(const Json& list) {
  Json rules = Json::array();
  for (const Json& item : list) rules.push_back(rule_of_live(item));
  return rules;
}

Json empty_firewall() {
  return {{"options", Json::object()},
          {"rules", Json::array()},
          {"aliases", Json::object()},
          {"ipsets", Json::object()},
          {"groups", Json::object()}};
}

const Json& found(const std::map<std::string, Json>& items, const std::string& name) {
  static const Json k_nothing;
  const auto item = items.find(name);
  return item == items.end() ? k_nothing : item->second;
}

std::string with_comment(std::string text, const Json& item) {
  const std::string comment = text_or(item, "comment");
  return comment.empty() ? text : fmt::format("{} # {}", text, comment);
}

Json rule_texts(const Json& holder) {
  Json texts = Json::array();
  for (const Json& rule : rules_in(holder)) {
    if (!is_marker(rule)) texts.push_back(rule_text(rule));
  }
  return texts;
}

Json with_comment_member(Json object, const Json& item) {
  if (!text_or(item, "comment").empty()) object["comment"] = text_or(item, "comment");
  return object;
}

Json option_value(const FirewallOption& option, const std::string& text) {
  if (option.type == FirewallOption::Type::flag) return text == "1";
  if (option.type != FirewallOption::Type::number) return text;
  return as_integer(text).value_or(0);
}

}  // namespace

Json firewall_of_spec(const FirewallLevel& level, const Json& spec, const Json& macros) {
  Json firewall = empty_firewall();
  firewall["options"] = options_in(level, spec);
  firewall["rules"] = rules_of_specs(get(spec, "rules"), macros);
  for (const auto& [name, alias] : get(spec, "aliases").items()) {
    firewall["aliases"][to_lower(name)] = alias_of(name, as_object(alias, "cidr"));
  }
  for (const auto& [name, value] : get(spec, "ipsets").items()) {
    const Json set = as_object(value, "entries");
    firewall["ipsets"][name] = {{"comment", comment_of(set)},
                                {"entries", entries_of(get(set, "entries"))}};
  }
  for (const auto& [name, value] : get(spec, "groups").items()) {
    const Json group = as_object(value, "rules");
    firewall["groups"][name] = {{"comment", comment_of(group)},
                                {"rules", rules_of_specs(get(group, "rules"), macros)}};
  }
  return firewall;
}

Json firewall_of_live(const FirewallLevel& level, const LiveFirewall& live) {
  Json firewall = empty_firewall();
  firewall["options"] = options_in(level, live.options);
  firewall["rules"] = rules_of_items(live.rules);
  for (const Json& item : live.aliases) {
    const std::string name = text_or(item, "name");
    firewall["aliases"][to_lower(name)] = alias_of(name, item);
  }
  for (const Json& item : live.ipsets) {
    const std::string name = text_or(item, "name");
    firewall["ipsets"][name] = {{"comment", comment_of(item)},
                                {"entries", entries_of(found(live.entries, name))}};
  }
  for (const Json& item : live.groups) {
    const std::string name = text_or(item, "group");
    firewall["groups"][name] = {{"comment", comment_of(item)},
                                {"rules", rules_of_items(found(live.group_rules, name))}};
  }
  return firewall;
}

bool is_bare(const Json& firewall) {
  return firewall == empty_firewall();
}

std::vector<Json> rules_in(const Json& holder) {
  const Json& rules = get(holder, "rules");
  return {rules.begin(), rules.end()};
}

bool is_marked(const Json& firewall) {
  const auto rules = rules_in(firewall);
  return std::any_of(rules.begin(), rules.end(), is_marker);
}

Json attributes_of_firewall(const FirewallLevel& level, const Json& firewall) {
  Json attributes = {{"enable", is_switched_on(level.type, get(firewall, "options"))}};
  for (const FirewallOption& option : firewall_options(level.type)) {
    const std::string text = text_or(get(firewall, "options"), option.name);
    if (!text.empty()) attributes[std::string(option.name)] = option_value(option, text);
  }
  attributes["rules"] = rule_texts(firewall);
  for (const auto& [key, alias] : get(firewall, "aliases").items()) {
    attributes["aliases"][key] = with_comment(text_or(alias, "cidr"), alias);
  }
  for (const auto& [name, set] : get(firewall, "ipsets").items()) {
    Json entries = Json::array();
    for (const auto& [cidr, entry] : get(set, "entries").items()) {
      const bool excluded = get(entry, "nomatch") == true;
      entries.push_back(with_comment((excluded ? "!" : "") + cidr, entry));
    }
    attributes["ipsets"][name] = with_comment_member({{"entries", entries}}, set);
  }
  for (const auto& [name, group] : get(firewall, "groups").items()) {
    attributes["groups"][name] = with_comment_member({{"rules", rule_texts(group)}}, group);
  }
  return attributes;
}

}  // namespace aegis::proxmox
