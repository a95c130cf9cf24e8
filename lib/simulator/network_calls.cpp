#include "simulator/network_calls.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "simulator/network_fields.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_this_node = "/nodes/{node}";

bool sees(const World& world, const Call& call, const std::string& name, const Json& item) {
  if (text_or(item, "type") != "bridge") return true;
  return may(world, call.caller, "/sdn/zones/localnetwork/" + name, {"SDN.Audit", "SDN.Use"});
}

bool has_wanted_type(const Json& item, const std::string& wanted) {
  const std::string type = text_or(item, "type");
  return wanted.empty() || type == wanted ||
         (type == "bridge" && (wanted == "any_bridge" || wanted == "any_local_bridge"));
}

Answer list_interfaces(World& world, const Call& call) {
  Json items = Json::array();
  for (const auto& [name, interface] : world.network.shown()) {
    if (!has_wanted_type(interface, call.text("type"))) continue;
    if (!sees(world, call, name, interface)) continue;
    Json item = shown_interface(world.network, name);
    item["iface"] = name;
    items.push_back(std::move(item));
  }
  Answer listed = answer(std::move(items));
  const std::string changes = pending_changes(world.network);
  if (!changes.empty()) listed.extras = Json{{"changes", changes}};
  return listed;
}

Refusal missing(const World& world, const Call& call) {
  if (world.network.shown().contains(call.text("iface"))) return {};
  return invalid("iface", "interface does not exist");
}

Answer read_interface(World& world, const Call& call) {
  if (Refusal refusal = missing(world, call)) return *refusal;
  return answer(shown_interface(world.network, call.text("iface")));
}

// Only one interface may have the default route of a family.
Refusal check_gateways(const World& world, const Call& call) {
  for (const std::string_view key : {"gateway", "gateway6"}) {
    if (!call.has(key)) continue;
    for (const auto& [name, other] : world.network.shown()) {
      if (name == call.text("iface") || !other.contains(key)) continue;
      return invalid(key, fmt::format("Default gateway already exists on interface '{}'.", name));
    }
  }
  return {};
}

// The one address in its two forms: "cidr", and "address" with "netmask".
void take_address(Json& interface, const Call& call, std::string_view suffix) {
  const auto key = [&](std::string_view name) { return std::string(name).append(suffix); };
  interface.erase(key("cidr"));
  if (call.has(key("cidr"))) {
    interface[key("cidr")] = call.text(key("cidr"));
  } else if (call.has(key("address"))) {
    interface[key("cidr")] =
        fmt::format("{}/{}", call.text(key("address")), call.text(key("netmask")));
  }
}

// Without an address in the call the interface has none afterwards, whatever it had.
void take_values(Json& interface, const Call& call) {
  for (const auto& [name, value] : call.parameters) {
    const bool other = name == "node" || name == "iface" || name == "delete" ||
                       name.starts_with("address") || name.starts_with("netmask") ||
                       name.starts_with("cidr");
    if (!other) interface[name] = value;
  }
  if (call.has("autostart")) interface["autostart"] = call.flag("autostart") ? 1 : 0;
  if (call.has("bridge_vlan_aware")) {
    interface["bridge_vlan_aware"] = call.flag("bridge_vlan_aware") ? 1 : 0;
  }
  take_address(interface, call, "");
  take_address(interface, call, "6");
}

Answer create_interface(World& world, const Call& call) {
  const std::string name = call.text("iface");
  if (world.network.shown().contains(name)) {
    return invalid("iface", "interface already exists");
  }
  if (Refusal refusal = check_gateways(world, call)) return *refusal;
  Json interface = Json::object();
  take_values(interface, call);
  world.network.edit()[name] = as_written(name, std::move(interface));
  return answer();
}

Answer update_interface(World& world, const Call& call) {
  if (Refusal refusal = missing(world, call)) return *refusal;
  if (Refusal refusal = check_gateways(world, call)) return *refusal;
  const std::string name = call.text("iface");
  Json& interface = world.network.edit()[name];
  for (const std::string& key : split_any(call.text("delete"), ",; ")) interface.erase(key);
  take_values(interface, call);
  interface = as_written(name, std::move(interface));
  return answer();
}

Answer delete_interface(World& world, const Call& call) {
  if (Refusal refusal = missing(world, call)) return *refusal;
  world.network.edit().erase(call.text("iface"));
  return answer();
}

Answer reload_network(World& world, const Call& call) {
  return answer(
      start_task(world, call.caller, "srvreload", "networking", {{"verb", "reload_network"}}));
}

Answer revert_network(World& world, const Call&) {
  world.network.staged.reset();
  return answer();
}

}  // namespace

std::vector<Route> network_routes() {
  const std::string_view list = "/nodes/{node}/network";
  const std::string_view item = "/nodes/{node}/network/{iface}";
  const NetworkFields& fields = network_fields();
  return {
      {"GET", list, fields.list, list_interfaces},
      {"POST", list, fields.create, create_interface, k_this_node, {"Sys.Modify"}},
      {"PUT", list, fields.node, reload_network, k_this_node, {"Sys.Modify"}},
      {"DELETE", list, fields.node, revert_network, k_this_node, {"Sys.Modify"}},
      {"GET", item, fields.item, read_interface, k_this_node, {"Sys.Audit"}},
      {"PUT", item, fields.update, update_interface, k_this_node, {"Sys.Modify"}},
      {"DELETE", item, fields.item, delete_interface, k_this_node, {"Sys.Modify"}},
  };
}

}  // namespace aegis::simulator
