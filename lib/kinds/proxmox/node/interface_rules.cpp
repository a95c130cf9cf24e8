#include "kinds/proxmox/node/interface_rules.h"

#include <fmt/format.h>

#include <array>

namespace aegis::proxmox {
namespace {

constexpr AttributeRule reload(std::string_view path, std::string_view note = {}) {
  AttributeRule rule{};
  rule.path = path;
  rule.disruption = Disruption::reload;
  rule.note = note;
  return rule;
}

constexpr AttributeRule set(std::string_view path) {
  AttributeRule rule = reload(path);
  rule.compare = Compare::as_set;
  return rule;
}

constexpr AttributeRule fixed(std::string_view path, std::string_view note) {
  AttributeRule rule = reload(path, note);
  rule.immutable = true;
  return rule;
}

constexpr std::array k_rules{
    fixed("type", "an interface of another type is another interface"),
    reload("autostart"),
    reload("cidr"),
    reload("gateway"),
    reload("cidr6"),
    reload("gateway6"),
    reload("mtu"),
    reload("comments"),
    set("bridge_ports"),
    reload("bridge_vlan_aware", "Linux sets the bridge up anew: its guests lose the network"),
    set("bridge_vids"),
    set("slaves"),
    reload("bond_mode", "the bond is set up anew"),
    reload("bond_xmit_hash_policy"),
    reload("bond-primary"),
    reload("vlan-id"),
    reload("vlan-raw-device"),
    reload("pending", "it is staged already and waits for the reload"),
};

bool holds_address(const Json& wanted, const std::string& address) {
  for (const char* key : {"cidr", "cidr6"}) {
    const std::string cidr = text_or(wanted, key);
    if (cidr.substr(0, cidr.find('/')) == address) return true;
  }
  return false;
}

}  // namespace

std::span<const AttributeRule> interface_rules() {
  return k_rules;
}

void refine_interface(AttributeChange& attribute,
                      const Json& wanted,
                      const Observation& live,
                      std::string& blocked) {
  const std::string address = text_or(live.context, "reached_at");
  if (address.empty() || attribute.path == "comments") return;
  attribute.disruption = std::max(attribute.disruption, Disruption::restart_service);
  attribute.note = fmt::format("the server is reached at {} through it", address);
  const bool addressed = attribute.path == "cidr" || attribute.path == "cidr6";
  if (!addressed || holds_address(wanted, address)) return;
  const std::string before =
      attribute.before.is_string() ? attribute.before.get<std::string>() : "";
  if (before.substr(0, before.find('/')) != address) return;
  blocked = fmt::format(
      "{} is the address at which this server is reached: the change would cut the connection that "
      "makes it. Make it at the console, or reach the server at another address, and plan again.",
      address);
}

}  // namespace aegis::proxmox
