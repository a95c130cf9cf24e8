#include "kinds/docker/attachments.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "kinds/docker/peers.h"

namespace aegis::docker {
namespace {

constexpr std::size_t k_short_id = 12;
constexpr std::string_view k_interface_option = "com.docker.network.endpoint.ifname";

bool is_special(const std::string& mode) {
  return mode == "default" || mode == "bridge" || mode == "host" || mode == "none" ||
         mode.starts_with("container:") || mode.starts_with("service:");
}

// The engine answers to the container's name by itself, and follows when it is renamed.
Json own_aliases(const Json& settings, const NetworkIdentity& identity) {
  Json aliases = Json::array({identity.service});
  for (const Json& alias : get(settings, "aliases")) {
    if (as_text(alias) != identity.container_name) aliases.push_back(as_text(alias));
  }
  return sorted_set(aliases);
}

// The engine adds the short id and the hostname by itself, and Compose the container's name.
Json live_aliases(const Json& endpoint, const std::set<std::string>& implied) {
  Json aliases = Json::array();
  for (const Json& alias : get(endpoint, "Aliases")) {
    if (!implied.contains(as_text(alias))) aliases.push_back(as_text(alias));
  }
  return sorted_set(aliases);
}

std::set<std::string> implied_aliases(const Json& inspect, const NetworkIdentity& identity) {
  std::string name = text_or(inspect, "Name");
  if (name.starts_with('/')) name.erase(0, 1);
  std::set<std::string> implied{
      identity.container_name, name, text_or(inspect, "Id").substr(0, k_short_id)};
  const std::string hostname = text_or(get(inspect, "Config"), "Hostname");
  if (hostname != identity.service) implied.insert(hostname);
  implied.erase(identity.service);
  return implied;
}

// `networks` of a spec in the engine's order: highest priority first, then by key. The first has
// the MAC address of the service, unless it has its own.
std::vector<std::pair<std::string, Json>> ordered_networks(const Json& spec) {
  std::vector<std::pair<std::string, Json>> ordered;
  for (const auto& [key, settings] : get(spec, "networks").items()) {
    ordered.emplace_back(key, settings);
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& left, const auto& right) {
    return integer_or_zero(get(left.second, "priority")) >
           integer_or_zero(get(right.second, "priority"));
  });
  const Json& address = get(spec, "mac_address");
  if (!ordered.empty() && !address.is_null() &&
      get(ordered.front().second, "mac_address").is_null()) {
    ordered.front().second["mac_address"] = address;
  }
  return ordered;
}

Json driver_options(const Json& settings) {
  Json options = text_values(get(settings, "driver_opts"));
  put(options, k_interface_option, get(settings, "interface_name"));
  return options;
}

// Of a network that was removed, perhaps made again under its old name: nothing works over it.
bool is_stale(const Json& endpoint, const std::string& network, const NetworkNames& names) {
  const std::string id = text_or(endpoint, "NetworkID");
  const std::string current = text_or(names.ids, network);
  return !id.empty() && id != current;
}

// Only what somebody asked for, and not what the engine made up.
Json live_mac(const Json& inspect, const Json& endpoint, bool is_wanted) {
  const std::string configured = text_or(get(inspect, "Config"), "MacAddress");
  const Json& actual = get(endpoint, "MacAddress");
  if (!is_wanted) return actual == configured ? actual : Json();
  return configured.empty() ? actual : Json(configured);
}

Json live_attachment(const Json& inspect,
                     const Json& endpoint,
                     const std::set<std::string>& implied,
                     bool with_mac) {
  Json shape = Json::object();
  put(shape, "aliases", live_aliases(endpoint, implied));
  put(shape, "links", sorted_set(get(endpoint, "Links")));
  const Json& ipam = get(endpoint, "IPAMConfig");
  put(shape, "ipv4_address", get(ipam, "IPv4Address"));
  put(shape, "ipv6_address", get(ipam, "IPv6Address"));
  put(shape, "link_local_ips", sorted_set(get(ipam, "LinkLocalIPs")));
  put(shape, "gw_priority", get(endpoint, "GwPriority"));
  Json options = get(endpoint, "DriverOpts");
  put(shape, "interface_name", get(options, k_interface_option));
  if (options.is_object()) options.erase(std::string(k_interface_option));
  put(shape, "driver_opts", std::move(options));
  put(shape, "mac_address", live_mac(inspect, endpoint, with_mac));
  return shape;
}

}  // namespace

void wanted_attachments(Json& attributes, const Json& spec, const NetworkIdentity& identity) {
  const std::string mode = text_or(spec, "network_mode");
  if (!mode.empty()) {
    attributes["network_mode"] = mode == "default" ? "bridge" : mode;
    put(attributes, "mac_address", get(spec, "mac_address"));
    return;
  }
  Json networks = Json::object();
  for (const auto& [key, settings] : ordered_networks(spec)) {
    Json& shape = networks[key];
    shape["aliases"] = own_aliases(settings, identity);
    put(shape, "links", link_list(identity.project, spec));
    put(shape, "link_local_ips", sorted_set(get(settings, "link_local_ips")));
    put(shape, "driver_opts", text_values(get(settings, "driver_opts")));
    for (const std::string_view name :
         {"ipv4_address", "ipv6_address", "mac_address", "gw_priority", "interface_name"}) {
      put(shape, name, get(settings, name));
    }
  }
  put(attributes, "networks", std::move(networks));
}

void live_attachments(Json& attributes,
                      const Json& inspect,
                      const NetworkIdentity& identity,
                      const NetworkNames& names,
                      const Declared& declared,
                      std::vector<std::string>& foreign) {
  const std::string mode = text_or(get(inspect, "HostConfig"), "NetworkMode", "default");
  if (is_special(mode)) {
    attributes["network_mode"] = mode == "default" ? "bridge" : mode;
    const Json& bridge = get(get(get(inspect, "NetworkSettings"), "Networks"), "bridge");
    put(attributes,
        "mac_address",
        live_mac(inspect, bridge, !declared.wanted({"mac_address"}).is_null()));
    return;
  }
  const auto implied = implied_aliases(inspect, identity);
  Json networks = Json::object();
  for (const auto& [network, endpoint] : get(get(inspect, "NetworkSettings"), "Networks").items()) {
    const std::string key = text_or(names.keys, network);
    if (is_stale(endpoint, network, names)) continue;
    const bool is_ours = names.ours.contains(network) || declared.has({"networks", network});
    if (key.empty() && !is_ours) {
      foreign.push_back(network);
      continue;
    }
    const bool with_mac = !declared.wanted({"networks", key, "mac_address"}).is_null();
    networks[key.empty() ? network : key] = live_attachment(inspect, endpoint, implied, with_mac);
  }
  put(attributes, "networks", std::move(networks));
}

std::vector<Attachment> attachments(const Json& spec,
                                    const Json& network_names,
                                    const NetworkIdentity& identity) {
  std::vector<Attachment> all;
  for (const auto& [key, settings] : ordered_networks(spec)) {
    Json endpoint = {{"Aliases", own_aliases(settings, identity)}};
    Json ipam = Json::object();
    put(ipam, "IPv4Address", get(settings, "ipv4_address"));
    put(ipam, "IPv6Address", get(settings, "ipv6_address"));
    put(ipam, "LinkLocalIPs", get(settings, "link_local_ips"));
    put(endpoint, "IPAMConfig", std::move(ipam));
    put(endpoint, "MacAddress", get(settings, "mac_address"));
    put(endpoint, "Links", link_list(identity.project, spec));
    put(endpoint, "DriverOpts", driver_options(settings));
    put(endpoint, "GwPriority", get(settings, "gw_priority"));
    all.push_back({key, text_or(network_names, key, key), std::move(endpoint)});
  }
  return all;
}

}  // namespace aegis::docker
