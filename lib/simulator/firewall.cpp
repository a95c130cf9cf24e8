#include "simulator/firewall.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/formats.h"

namespace aegis::simulator {
namespace {

// Members that Proxmox's parser turns into numbers.
bool is_number(std::string_view key, const std::string& value) {
  constexpr std::array<std::string_view, 7> k_texts{
      "comment", "name", "cidr", "group", "dport", "sport", "proto"};
  const bool text = std::find(k_texts.begin(), k_texts.end(), key) != k_texts.end();
  return !text && !value.empty() && value.size() < 16 &&
         value.find_first_not_of("0123456789") == std::string::npos;
}

Json member_json(std::string_view key, const std::string& value) {
  return is_number(key, value) ? Json(std::stoll(value)) : Json(value);
}

void set_if(ConfigMap& item, const std::string& key, const std::string& value) {
  if (!value.empty()) item[key] = value;
}

std::string ip_version(std::string_view address) {
  const std::string_view host = address.substr(0, address.find_first_of("/,-"));
  if (!formats::ipv4(host)) return "4";
  return formats::ipv6(host) ? "" : "6";
}

Json maps_json(const std::vector<ConfigMap>& list) {
  Json json = Json::array();
  for (const ConfigMap& item : list) json.push_back(Json(item));
  return json;
}

std::vector<ConfigMap> maps_from_json(const Json& json) {
  std::vector<ConfigMap> list;
  for (const Json& item : json) {
    ConfigMap& map = list.emplace_back();
    for (const auto& [key, value] : item.items()) map[key] = as_text(value);
  }
  return list;
}

Json file_json(const Firewall& firewall) {
  Json sets = Json::object();
  for (const auto& [name, set] : firewall.ipsets) {
    sets[name] = {{"comment", set.comment}, {"entries", maps_json(entry_list(set))}};
  }
  Json groups = Json::object();
  for (const auto& [name, group] : firewall.groups) {
    groups[name] = {{"comment", group.comment}, {"rules", maps_json(group.rules)}};
  }
  return {{"options", Json(firewall.options)},
          {"rules", maps_json(firewall.rules)},
          {"aliases", maps_json(alias_list(firewall))},
          {"ipsets", sets},
          {"groups", groups}};
}

Firewall file_from_json(const Json& json) {
  Firewall firewall;
  for (const auto& [key, value] : get(json, "options").items()) {
    firewall.options[key] = as_text(value);
  }
  firewall.rules = maps_from_json(get(json, "rules"));
  for (const Json& item : get(json, "aliases")) {
    const std::string name = text_or(item, "name");
    firewall.aliases[to_lower(name)] = {name, text_or(item, "cidr"), text_or(item, "comment")};
  }
  for (const auto& [name, item] : get(json, "ipsets").items()) {
    IpSet& set = firewall.ipsets[name];
    set.comment = text_or(item, "comment");
    for (const Json& entry : get(item, "entries")) {
      set.entries.push_back({text_or(entry, "cidr"),
                             as_bool(get(entry, "nomatch")).value_or(false),
                             text_or(entry, "comment")});
    }
  }
  for (const auto& [name, item] : get(json, "groups").items()) {
    firewall.groups[name] = {text_or(item, "comment"), maps_from_json(get(item, "rules"))};
  }
  return firewall;
}

}  // namespace

std::string digest_of(const std::vector<ConfigMap>& list) {
  std::string text;
  for (const ConfigMap& item : list) {
    for (const auto& [key, value] : item) text += fmt::format("{}:{}\n", key, value);
  }
  return sha1_hex(text);
}

Json list_json(const std::vector<ConfigMap>& list) {
  const std::string digest = digest_of(list);
  Json json = Json::array();
  for (const ConfigMap& item : list) {
    Json& member = json.emplace_back(Json{{"digest", digest}});
    for (const auto& [key, value] : item) member[key] = member_json(key, value);
  }
  return json;
}

Json rules_json(const FirewallRules& rules) {
  Json json = list_json(rules);
  for (std::size_t i = 0; i < json.size(); ++i) {
    json[i]["pos"] = i;
    for (const std::string_view key : {"source", "dest"}) {
      const std::string version = ip_version(text_or(json[i], key));
      if (!version.empty()) json[i]["ipversion"] = std::stoi(version);
    }
  }
  return json;
}

std::vector<ConfigMap> alias_list(const Firewall& firewall) {
  std::vector<ConfigMap> list;
  for (const auto& [key, alias] : firewall.aliases) {
    ConfigMap& item = list.emplace_back(ConfigMap{{"name", alias.name}, {"cidr", alias.cidr}});
    set_if(item, "comment", alias.comment);
    set_if(item, "ipversion", ip_version(alias.cidr));
  }
  return list;
}

std::vector<ConfigMap> ipset_list(const Firewall& firewall) {
  std::vector<ConfigMap> list;
  for (const auto& [name, set] : firewall.ipsets) {
    set_if(list.emplace_back(ConfigMap{{"name", name}}), "comment", set.comment);
  }
  return list;
}

std::vector<ConfigMap> entry_list(const IpSet& set) {
  std::vector<ConfigMap> list;
  for (const IpSetEntry& entry : set.entries) {
    ConfigMap& item = list.emplace_back(ConfigMap{{"cidr", entry.cidr}});
    set_if(item, "nomatch", entry.nomatch ? "1" : "");
    set_if(item, "comment", entry.comment);
  }
  return list;
}

std::vector<ConfigMap> group_list(const Firewall& firewall) {
  std::vector<ConfigMap> list;
  for (const auto& [name, group] : firewall.groups) {
    set_if(list.emplace_back(ConfigMap{{"group", name}}), "comment", group.comment);
  }
  return list;
}

Refusal check_firewall_digest(const std::string& wanted, const std::string& digest) {
  if (wanted.empty() || wanted == digest) return {};
  return refuse("detected modified configuration - file changed by other user? Try again.");
}

Json to_json(const Firewalls& firewalls) {
  Json guests = Json::object();
  for (const auto& [vmid, firewall] : firewalls.guests) {
    guests[fmt::format("{}", vmid)] = file_json(firewall);
  }
  return {{"cluster", file_json(firewalls.cluster)},
          {"node", file_json(firewalls.node)},
          {"guests", guests}};
}

Firewalls firewalls_from_json(const Json& json) {
  Firewalls firewalls;
  firewalls.cluster = file_from_json(get(json, "cluster"));
  firewalls.node = file_from_json(get(json, "node"));
  for (const auto& [vmid, item] : get(json, "guests").items()) {
    firewalls.guests[std::stoi(vmid)] = file_from_json(item);
  }
  return firewalls;
}

}  // namespace aegis::simulator
