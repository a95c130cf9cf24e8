#include "simulator/network_fields.h"

#include <fmt/format.h>

#include <optional>
#include <regex>

#include "base/text.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;
using Complaint = std::optional<std::string>;

Complaint interface_name(std::string_view text) {
  static const std::regex k_pattern("[a-zA-Z][a-zA-Z0-9_]{1,20}([:.][0-9]+)?");
  if (std::regex_match(text.begin(), text.end(), k_pattern)) return {};
  return fmt::format("invalid network interface name '{}'", text);
}

Complaint cidr(std::string_view text, FormatCheck is_config, std::string_view family) {
  const bool has_length = text.find('/') != std::string_view::npos;
  if (has_length && !is_config(text)) return {};
  return fmt::format("value does not look like a valid {} network", family);
}

Complaint cidr4(std::string_view text) {
  return cidr(text, formats::ipv4_config, "IPv4");
}
Complaint cidr6(std::string_view text) {
  return cidr(text, formats::ipv6_config, "IPv6");
}

Complaint vlan_range(std::string_view text) {
  static const std::regex k_pattern("([0-9]{1,4})(-[0-9]{1,4})?");
  if (!std::regex_match(text.begin(), text.end(), k_pattern)) {
    return fmt::format("invalid VLAN configuration '{}'", text);
  }
  for (const std::string& piece : split(text, '-')) {
    const int number = std::atoi(piece.c_str());
    if (number < 1 || number > 4094) {
      return fmt::format("VLAN number '{}' is out of range (1-4094)", number);
    }
  }
  return {};
}

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Field k_iface{
    .name = "iface", .required = true, .min_length = 2, .max_length = 20, .format = interface_name};

Fields address_fields() {
  return {
      {.name = "address", .format = formats::ipv4, .needs = "netmask"},
      {.name = "address6", .format = formats::ipv6, .needs = "netmask6"},
      {.name = "cidr", .format = cidr4},
      {.name = "cidr6", .format = cidr6},
      {.name = "gateway", .format = formats::ipv4},
      {.name = "gateway6", .format = formats::ipv6},
      {.name = "netmask", .needs = "address"},
      {.name = "netmask6", .type = integer, .minimum = 0, .maximum = 128, .needs = "address6"},
  };
}

Fields link_fields() {
  return {
      {.name = "autostart", .type = boolean},
      {.name = "bond-primary", .format = interface_name},
      {.name = "bond_mode",
       .choices = {"balance-rr",
                   "active-backup",
                   "balance-xor",
                   "broadcast",
                   "802.3ad",
                   "balance-tlb",
                   "balance-alb",
                   "balance-slb",
                   "lacp-balance-slb",
                   "lacp-balance-tcp"}},
      {.name = "bond_xmit_hash_policy", .choices = {"layer2", "layer2+3", "layer3+4"}},
      {.name = "bridge_ports", .type = list, .format = interface_name},
      {.name = "bridge_vids", .type = list, .format = vlan_range},
      {.name = "bridge_vlan_aware", .type = boolean},
      {.name = "comments"},
      {.name = "mtu", .type = integer, .minimum = 1280, .maximum = 65520},
      {.name = "slaves", .type = list, .format = interface_name},
      {.name = "type",
       .required = true,
       .choices = {"bridge", "bond", "eth", "alias", "vlan", "vnet", "unknown"}},
      {.name = "vlan-id", .type = integer, .minimum = 1, .maximum = 4094},
      {.name = "vlan-raw-device", .format = interface_name},
  };
}

NetworkFields make_fields() {
  NetworkFields fields;
  fields.node = {k_node};
  fields.item = {k_node, k_iface};
  fields.list = {k_node,
                 {.name = "type",
                  .choices = {"bridge",
                              "bond",
                              "eth",
                              "alias",
                              "vlan",
                              "OVSBridge",
                              "OVSBond",
                              "OVSPort",
                              "OVSIntPort",
                              "vnet",
                              "any_bridge",
                              "any_local_bridge"}}};
  fields.create = fields.item;
  for (const Fields& more : {address_fields(), link_fields()}) {
    fields.create.insert(fields.create.end(), more.begin(), more.end());
  }
  fields.update = fields.create;
  fields.update.push_back({.name = "delete", .type = list, .format = formats::configid});
  return fields;
}

}  // namespace

const NetworkFields& network_fields() {
  static const NetworkFields k_fields = make_fields();
  return k_fields;
}

}  // namespace aegis::simulator
