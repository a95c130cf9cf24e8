#include "kinds/proxmox/firewall/firewall_replies.h"

#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/firewall/model.h"
#include "kinds/proxmox/firewall/network.h"
#include "kinds/proxmox/host_view.h"
#include "model/endpoint.h"

namespace aegis::proxmox {
namespace {

std::string encoded_node(const Scope& scope) {
  return percent_encode(text_or(scope.settings, "node"));
}

// "client 22222 server 22", which the SSH server tells.
Query connection_query(const Scope& scope) {
  const std::string_view name = std::string_view(scope.name).substr(scope.name.find('/') + 1);
  return {Query::Type::facts, host_shell(name), "printf '%s\\n' \"$SSH_CONNECTION\"\n"};
}

Query status_query(const Scope& scope) {
  return firewall_query(scope, "/cluster/status");
}

Query network_query(const Scope& scope) {
  return firewall_query(scope, fmt::format("/nodes/{}/network", encoded_node(scope)));
}

// `data` of an answer that is not needed; null when it is none.
const Json& data_if_any(const Replies& replies, const Query& query) {
  static const Json k_nothing;
  const auto reply = replies.find(query);
  if (reply == replies.end() || reply->second.error || reply->second.status != 200) {
    return k_nothing;
  }
  return get(reply->second.body, "data");
}

// The paths that the lists of sets and groups lead to, by the name in them.
std::map<std::string, std::string> inner_paths(const std::string& base,
                                               std::string_view list,
                                               std::string_view name_member,
                                               const Json& items) {
  std::map<std::string, std::string> paths;
  for (const Json& item : items) {
    const std::string name = text_or(item, name_member);
    paths[name] = fmt::format("{}/{}/{}", base, list, percent_encode(name));
  }
  return paths;
}

// The network of the node's own address: Proxmox lets it in like the set `management`.
std::vector<std::string> local_networks(const Scope& scope, const Replies& replies) {
  std::string address;
  for (const Json& item : data_if_any(replies, status_query(scope))) {
    const bool own = text_or(item, "name") == text_or(scope.settings, "node");
    if (text_or(item, "type") == "node" && own) address = text_or(item, "ip");
  }
  std::vector<std::string> networks;
  for (const Json& item : data_if_any(replies, network_query(scope))) {
    for (const char* member : {"cidr", "cidr6"}) {
      const std::string cidr = text_or(item, member);
      if (!cidr.empty() && is_inside(address, cidr)) networks.push_back(cidr);
    }
  }
  return networks;
}

// Reads the lists in the second wave into `inner`.
Result<Done> read_inner(const Scope& scope,
                        const Replies& replies,
                        const std::map<std::string, std::string>& paths,
                        const std::string& what,
                        std::map<std::string, Json>& inner) {
  for (const auto& [name, path] : paths) {
    const auto data = data_of(replies, firewall_query(scope, path), what);
    if (!data) return data.error();
    inner[name] = **data;
  }
  return Done{};
}

}  // namespace

Query firewall_query(const Scope& scope, const std::string& path) {
  return {Query::Type::http_get, text_or(scope.settings, "endpoint"), api_path(path)};
}

std::vector<Query> queries_of_level(const Scope& scope,
                                    const FirewallLevel& level,
                                    const Replies& replies) {
  std::vector<Query> queries;
  const auto ask = [&](const std::string& path) {
    queries.push_back(firewall_query(scope, path));
    return queries.back();
  };
  ask(level.path + "/options");
  ask(level.path + "/rules");
  const auto ask_inner = [&](std::string_view list, std::string_view member) {
    const Query query = ask(fmt::format("{}/{}", level.path, list));
    const Json& items = data_if_any(replies, query);
    for (const auto& [name, path] : inner_paths(level.path, list, member, items)) ask(path);
  };
  if (level.has_sets()) {
    ask(level.path + "/aliases");
    ask_inner("ipset", "name");
  }
  if (level.has_groups()) ask_inner("groups", "group");
  return queries;
}

Result<Json> read_level(const Scope& scope, const FirewallLevel& level, const Replies& replies) {
  LiveFirewall live;
  const auto read = [&](std::string_view list, Json& to) -> Result<Done> {
    const auto data = data_of(
        replies, firewall_query(scope, fmt::format("{}/{}", level.path, list)), level.spoken);
    if (!data) return data.error();
    to = **data;
    return Done{};
  };
  std::vector<std::pair<std::string_view, Json*>> lists{{"options", &live.options},
                                                        {"rules", &live.rules}};
  if (level.has_sets()) {
    lists.emplace_back("aliases", &live.aliases);
    lists.emplace_back("ipset", &live.ipsets);
  }
  if (level.has_groups()) lists.emplace_back("groups", &live.groups);
  for (const auto& [list, to] : lists) {
    if (auto done = read(list, *to); !done) return done.error();
  }
  const auto sets = inner_paths(level.path, "ipset", "name", live.ipsets);
  const auto groups = inner_paths(level.path, "groups", "group", live.groups);
  if (auto done = read_inner(scope, replies, sets, level.spoken, live.entries); !done) {
    return done.error();
  }
  if (auto done = read_inner(scope, replies, groups, level.spoken, live.group_rules); !done) {
    return done.error();
  }
  return firewall_of_live(level, live);
}

std::vector<Query> queries_of_way_in(const Scope& scope) {
  std::vector<Query> queries{status_query(scope), network_query(scope)};
  if (!get(scope.settings, "ssh_port").is_null()) queries.push_back(connection_query(scope));
  return queries;
}

WayIn read_way_in(const Scope& scope, const Replies& replies) {
  WayIn way;
  way.local_networks = local_networks(scope, replies);
  const auto facts = replies.find(connection_query(scope));
  if (facts != replies.end()) {
    const auto words = split_any(text_or(facts->second.body, "out"), " \n");
    if (words.size() == 4) {
      way.source = words[0];
      way.destination = words[2];
      way.ports.push_back(static_cast<int>(as_integer(words[3]).value_or(0)));
    }
  }
  const auto ssh = as_integer(get(scope.settings, "ssh_port"));
  if (way.ports.empty() && ssh) way.ports.push_back(static_cast<int>(*ssh));
  const auto api = as_integer(get(scope.settings, "api_port"));
  if (api) way.ports.push_back(static_cast<int>(*api));
  return way;
}

Query macros_query(const Scope& scope) {
  return firewall_query(scope, "/cluster/firewall/macros");
}

Json read_macros(const Scope& scope, const Replies& replies) {
  Json names = Json::array();
  for (const Json& item : data_if_any(replies, macros_query(scope))) {
    names.push_back(text_or(item, "macro"));
  }
  return names;
}

}  // namespace aegis::proxmox
