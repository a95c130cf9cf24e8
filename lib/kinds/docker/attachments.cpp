#include "kinds/docker/attachments.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace aegis::docker {
namespace {

constexpr std::size_t k_short_id = 12;

bool is_special(const std::string& mode) {
  return mode == "default" || mode == "bridge" || mode == "host" || mode == "none" ||
         mode.starts_with("container:");
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

// Of a network that was removed, perhaps made again under its old name: nothing works over it.
bool is_stale(const Json& endpoint, const std::string& network, const NetworkNames& names) {
  const std::string id = text_or(endpoint, "NetworkID");
  const std::string current = text_or(names.ids, network);
  return !id.empty() && id != current;
}

Json live_attachment(const Json& inspect,
                     const Json& endpoint,
                     const std::set<std::string>& implied,
                     bool with_mac) {
  Json shape = Json::object();
  put(shape, "aliases", live_aliases(endpoint, implied));
  const Json& ipam = get(endpoint, "IPAMConfig");
  put(shape, "ipv4_address", get(ipam, "IPv4Address"));
  put(shape, "ipv6_address", get(ipam, "IPv6Address"));
  if (with_mac) {
    const std::string configured = text_or(get(inspect, "Config"), "MacAddress");
    put(shape, "mac_address", configured.empty() ? get(endpoint, "MacAddress") : Json(configured));
  }
  return shape;
}

}  // namespace

void wanted_attachments(Json& attributes, const Json& spec, const NetworkIdentity& identity) {
  const std::string mode = text_or(spec, "network_mode");
  if (!mode.empty()) {
    attributes["network_mode"] = mode == "default" ? "bridge" : mode;
    return;
  }
  Json networks = Json::object();
  for (const auto& [key, settings] : get(spec, "networks").items()) {
    Json& shape = networks[key];
    shape["aliases"] = own_aliases(settings, identity);
    for (const std::string_view name : {"ipv4_address", "ipv6_address", "mac_address"}) {
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
  std::vector<std::pair<std::int64_t, Attachment>> ordered;
  for (const auto& [key, settings] : get(spec, "networks").items()) {
    Json endpoint = {{"Aliases", own_aliases(settings, identity)}};
    Json ipam = Json::object();
    put(ipam, "IPv4Address", get(settings, "ipv4_address"));
    put(ipam, "IPv6Address", get(settings, "ipv6_address"));
    put(endpoint, "IPAMConfig", std::move(ipam));
    put(endpoint, "MacAddress", get(settings, "mac_address"));
    ordered.push_back({integer_or_zero(get(settings, "priority")),
                       {key, text_or(network_names, key, key), std::move(endpoint)}});
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& left, const auto& right) {
    return left.first > right.first;
  });
  std::vector<Attachment> sorted;
  for (auto& [priority, attachment] : ordered) sorted.push_back(std::move(attachment));
  return sorted;
}

}  // namespace aegis::docker
