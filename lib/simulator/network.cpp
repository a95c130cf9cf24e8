#include "simulator/network.h"

#include <algorithm>
#include <array>

namespace aegis::simulator {
namespace {

constexpr std::string_view k_all_vlans = "2-4094";

bool set_on(const Json& interface, std::string_view key) {
  return as_bool(get(interface, key)).value_or(false);
}

void give(Json& interface, std::string_view key, std::string_view usual) {
  if (!interface.contains(key)) interface[std::string(key)] = usual;
}

void write_bridge(Json& bridge) {
  give(bridge, "bridge_ports", "");
  give(bridge, "bridge_stp", "off");
  give(bridge, "bridge_fd", "0");
  if (set_on(bridge, "bridge_vlan_aware")) {
    give(bridge, "bridge_vids", k_all_vlans);
  } else {
    bridge.erase("bridge_vlan_aware");
    bridge.erase("bridge_vids");
  }
}

void write_bond(Json& bond) {
  give(bond, "slaves", "");
  give(bond, "bond_mode", "balance-rr");
  give(bond, "bond_miimon", "100");
  const std::string mode = text_or(bond, "bond_mode");
  if (mode == "balance-xor" || mode == "802.3ad") {
    give(bond, "bond_xmit_hash_policy", "layer2");
  } else {
    bond.erase("bond_xmit_hash_policy");
  }
  if (mode != "active-backup") bond.erase("bond-primary");
}

// "bond0.5" says by its name what it is made of.
void write_vlan(std::string_view name, Json& vlan) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return;
  vlan["vlan-raw-device"] = name.substr(0, dot);
  vlan["vlan-id"] = name.substr(dot + 1);
}

void write_family(Json& interface, std::string_view suffix) {
  const auto key = [&](std::string_view name) { return std::string(name).append(suffix); };
  const std::string cidr = text_or(interface, key("cidr"));
  interface[key("method")] = cidr.empty() ? "manual" : "static";
  const std::size_t slash = cidr.find('/');
  if (slash != std::string::npos) {
    interface[key("address")] = cidr.substr(0, slash);
    interface[key("netmask")] = cidr.substr(slash + 1);
    return;
  }
  for (const std::string_view name : {"cidr", "address", "netmask", "gateway"}) {
    interface.erase(key(name));
  }
}

}  // namespace

Interfaces& Network::edit() {
  if (!staged) staged = active;
  return *staged;
}

void Network::reload() {
  if (staged) active = *std::move(staged);
  staged.reset();
  for (const std::string& card : cards) {
    if (!active.contains(card)) active[card] = as_written(card, {{"type", "eth"}});
  }
}

Network make_network(const std::vector<BridgeOptions>& bridges,
                     const std::vector<std::string>& cards) {
  Network network;
  network.cards = {cards.begin(), cards.end()};
  for (const std::string& card : cards) {
    network.active[card] = as_written(card, {{"type", "eth"}});
  }
  for (const BridgeOptions& bridge : bridges) {
    Json properties{{"type", "bridge"}, {"autostart", 1}};
    if (!bridge.cidr.empty()) properties["cidr"] = bridge.cidr;
    if (bridge.mtu != 1500) properties["mtu"] = std::to_string(bridge.mtu);
    network.active[bridge.name] = as_written(bridge.name, std::move(properties));
  }
  return network;
}

Json as_written(std::string_view name, Json interface) {
  const std::string type = text_or(interface, "type");
  if (type == "bridge") write_bridge(interface);
  if (type == "bond") write_bond(interface);
  if (type == "vlan") write_vlan(name, interface);
  write_family(interface, "");
  write_family(interface, "6");
  if (!set_on(interface, "autostart")) interface.erase("autostart");
  std::string comments = text_or(interface, "comments");
  if (comments.empty()) {
    interface.erase("comments");
  } else if (!comments.ends_with('\n')) {
    interface["comments"] = comments.append("\n");
  }
  return interface;
}

Json shown_interface(const Network& network, const std::string& name) {
  const Interfaces& shown = network.shown();
  Json item = shown.at(name);
  item["families"] = Json::array();
  const bool six = text_or(item, "method6") != "manual";
  if (!six || text_or(item, "method") != "manual") item["families"].push_back("inet");
  if (six) item["families"].push_back("inet6");
  // lo comes first, then the file's order.
  item["priority"] = 3 + std::distance(shown.begin(), shown.find(name));
  const auto active = network.active.find(name);
  if (network.cards.contains(name)) item["exists"] = 1;
  if (active != network.active.end() && set_on(active->second, "autostart")) item["active"] = 1;
  return item;
}

Json to_json(const Network& network) {
  Json json{{"active", network.active}, {"cards", network.cards}};
  if (network.staged) json["staged"] = *network.staged;
  return json;
}

Network network_from_json(const Json& json) {
  Network network;
  for (const auto& [name, item] : get(json, "active").items()) network.active[name] = item;
  for (const Json& card : get(json, "cards")) network.cards.insert(as_text(card));
  if (!json.contains("staged")) return network;
  network.staged.emplace();
  for (const auto& [name, item] : get(json, "staged").items()) (*network.staged)[name] = item;
  return network;
}

}  // namespace aegis::simulator
