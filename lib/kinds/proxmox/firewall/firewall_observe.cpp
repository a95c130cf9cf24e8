#include "kinds/proxmox/firewall/firewall_observe.h"

#include <algorithm>
#include <set>

#include "kinds/proxmox/firewall/firewall_replies.h"
#include "kinds/proxmox/firewall/model.h"
#include "kinds/proxmox/host_view.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_datacenter = "datacenter";
constexpr std::string_view k_node = "node";

std::string node_of(const Scope& scope) {
  return text_or(scope.settings, "node");
}

const Resource* find_resource(const Batch& batch, std::string_view name) {
  for (const Resource* resource : batch.resources) {
    if (resource->address.name == name) return resource;
  }
  return nullptr;
}

// The server's own firewall is managed: read both levels, whichever is declared.
bool is_server_managed(const Batch& batch) {
  return batch.scope.has_section("firewall") || find_resource(batch, k_datacenter) != nullptr ||
         find_resource(batch, k_node) != nullptr;
}

FirewallLevel level_named(std::string_view name, const Scope& scope) {
  return firewall_level(name, node_of(scope), 0);
}

// Guests that do not exist yet have no firewall to read.
bool is_absent(const Batch& batch, const Resource& resource, const Replies& replies) {
  const auto vmid = as_integer(get(resource.spec, "vmid"));
  const auto list =
      replies.find(HostQueries(batch.scope).of_system(firewalled_system(resource.address.name)));
  if (!vmid || list == replies.end()) return false;
  const Json& items = get(list->second.body, "data");
  return std::none_of(items.begin(), items.end(), [&](const Json& item) {
    return as_integer(get(item, "vmid")) == vmid;
  });
}

// What the two levels that guard the server are and shall be.
struct ServerFirewalls {
  Json live_datacenter;
  Json live_node;
  Json macros;
  WayIn way;
};

Json declared(const Batch& batch, std::string_view name, const Json& macros, const Json& live) {
  const Resource* resource = find_resource(batch, name);
  if (resource == nullptr) return live;
  return firewall_of_spec(level_named(name, batch.scope), resource->spec, macros);
}

// A level is judged with the other one as it is and as it shall be: either may be made first.
std::string lockout_of(const Batch& batch, const Resource& resource, const ServerFirewalls& all) {
  const Json datacenter = declared(batch, k_datacenter, all.macros, all.live_datacenter);
  const Json node = declared(batch, k_node, all.macros, all.live_node);
  const bool is_node = resource.address.name == k_node;
  std::string why = is_node ? lockout(all.live_datacenter, node, all.way)
                            : lockout(datacenter, all.live_node, all.way);
  return why.empty() ? lockout(datacenter, node, all.way) : why;
}

Observation observation_of(const Address& address,
                           const Scope& scope,
                           const FirewallLevel& level,
                           const Json& firewall,
                           const Json& macros) {
  Observation observation;
  observation.address = address;
  observation.scope = scope.name;
  observation.exists = !is_bare(firewall);
  observation.owned = is_marked(firewall);
  if (observation.exists) observation.attributes = attributes_of_firewall(level, firewall);
  observation.context = {{"firewall", firewall}, {"macros", macros}, {"lockout", ""}};
  return observation;
}

Result<Json> read_firewall(const Batch& batch, const Resource& resource, const Replies& replies) {
  const FirewallLevel level = level_of(resource.address, resource.spec, node_of(batch.scope));
  if (!level.guards_server() && is_absent(batch, resource, replies)) {
    return firewall_of_live(level, {});
  }
  return read_level(batch.scope, level, replies);
}

}  // namespace

FirewallLevel level_of(const Address& address, const Json& spec, std::string_view node) {
  return firewall_level(address.name, node, as_integer(get(spec, "vmid")).value_or(0));
}

std::vector<Query> firewall_queries(const Batch& batch, const Replies& replies) {
  const Scope& scope = batch.scope;
  std::vector<Query> queries;
  const auto add = [&](std::vector<Query> more) {
    queries.insert(queries.end(), more.begin(), more.end());
  };
  if (is_server_managed(batch)) {
    for (const std::string_view name : {k_datacenter, k_node}) {
      add(queries_of_level(scope, level_named(name, scope), replies));
    }
    add(queries_of_way_in(scope));
  }
  if (!batch.resources.empty()) queries.push_back(macros_query(scope));
  for (const Resource* resource : batch.resources) {
    const FirewallLevel level = level_of(resource->address, resource->spec, node_of(scope));
    if (level.guards_server()) continue;
    queries.push_back(HostQueries(scope).of_system(firewalled_system(resource->address.name)));
    add(queries_of_level(scope, level, replies));
  }
  return queries;
}

Result<std::vector<Observation>> interpret_firewalls(const Batch& batch,
                                                     const Replies& replies,
                                                     Vault&) {
  std::vector<Observation> observations;
  ServerFirewalls all;
  all.macros = read_macros(batch.scope, replies);
  if (is_server_managed(batch)) {
    auto datacenter = read_level(batch.scope, level_named(k_datacenter, batch.scope), replies);
    if (!datacenter) return datacenter.error();
    auto node = read_level(batch.scope, level_named(k_node, batch.scope), replies);
    if (!node) return node.error();
    all.live_datacenter = std::move(*datacenter);
    all.live_node = std::move(*node);
    all.way = read_way_in(batch.scope, replies);
  }
  for (const Resource* resource : batch.resources) {
    const auto firewall = read_firewall(batch, *resource, replies);
    if (!firewall) return firewall.error();
    const FirewallLevel level = level_of(resource->address, resource->spec, node_of(batch.scope));
    Observation& observation = observations.emplace_back(
        observation_of(resource->address, batch.scope, level, *firewall, all.macros));
    if (level.guards_server()) {
      observation.context["lockout"] = lockout_of(batch, *resource, all);
    }
  }
  if (!batch.scope.has_section("firewall")) return observations;
  for (const std::string_view name : {k_datacenter, k_node}) {
    const Json& firewall = name == k_node ? all.live_node : all.live_datacenter;
    if (find_resource(batch, name) != nullptr || !is_marked(firewall)) continue;
    const Address address{batch.scope.name, "firewall", std::string(name)};
    observations.push_back(
        observation_of(address, batch.scope, level_named(name, batch.scope), firewall, all.macros));
  }
  return observations;
}

Json normalize_firewall(const Resource& resource, const Observation& live) {
  const FirewallLevel level = level_of(resource.address, resource.spec, "");
  return attributes_of_firewall(
      level, firewall_of_spec(level, resource.spec, get(live.context, "macros")));
}

}  // namespace aegis::proxmox
