#include "manifest/firewalls.h"

#include <fmt/format.h>

#include "base/text.h"
#include "manifest/firewall_names.h"
#include "manifest/schema.h"

namespace aegis {
namespace {

constexpr std::string_view k_kind = "firewall";

std::vector<std::string> directions_of(const Json& rule) {
  std::vector<std::string> found;
  for (const char* direction : {"in", "out", "forward", "group"}) {
    if (rule.contains(direction)) found.emplace_back(direction);
  }
  return found;
}

void check_rule(const Json& rule, const SourceSpan& where, bool is_guest, Reading& reading) {
  const auto directions = directions_of(rule);
  if (directions.size() != 1) {
    reading.error(
        where,
        "a firewall rule without one direction",
        directions.empty()
            ? std::string("A rule has one of `in`, `out`, `forward` and `group`.")
            : fmt::format("A rule has either {}, not several.", list_words(directions, "or")));
  }
  for (const char* ports : {"dport", "sport"}) {
    if (!rule.contains(ports) || rule.contains("proto")) continue;
    reading.error(where,
                  "ports without a protocol",
                  fmt::format("`{}` needs a `proto`, such as tcp or udp.", ports));
  }
  const std::string iface = text_or(rule, "iface");
  if (is_guest && !iface.empty() && !matches_pattern("^net[0-9]+$", iface)) {
    reading.error(where,
                  "no network device",
                  "In a guest's firewall `iface` is Proxmox's name of the network device: "
                  "`net0` for the first one, whatever it is called inside.");
  }
}

void check_rules(const Resource& resource,
                 const std::string& path,
                 const Json& rules,
                 bool is_guest,
                 Reading& reading) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    check_rule(rules[i], resource.place_of(fmt::format("{}[{}]", path, i)), is_guest, reading);
  }
}

void check_firewall(const Resource& resource, bool is_guest, Reading& reading) {
  check_rules(resource, "rules", get(resource.spec, "rules"), is_guest, reading);
  for (const auto& [name, group] : get(resource.spec, "groups").items()) {
    const std::string path = fmt::format("groups.{}", name);
    const bool plain = group.is_array();
    check_rules(resource,
                plain ? path : path + ".rules",
                plain ? group : get(group, "rules"),
                false,
                reading);
  }
}

// Without the flag on an interface Proxmox does not filter there, whatever the rules say.
void check_interfaces(const Resource& guest, const Json& firewall, Reading& reading) {
  if (get(firewall, "enable") != true) return;
  for (const auto& [name, net] : get(guest.spec, "network").items()) {
    if (get(net, "firewall") == true) continue;
    reading.warn(guest.place_of("network." + name),
                 "a firewall that does not act on an interface",
                 fmt::format("`{}` has a firewall, and its interface `{}` has no `firewall: true`: "
                             "its traffic is not filtered.",
                             guest.address.name,
                             name));
  }
}

void need(Resource& resource, const Address& address, const Reading& reading) {
  if (reading.manifests.desired.resources.contains(address)) {
    resource.depends_on.push_back(address);
  }
}

// Takes `firewall` out of a guest, as a resource of its own.
Resource take_firewall(Resource& guest) {
  Resource resource;
  resource.scope = guest.scope;
  resource.address = {guest.scope,
                      std::string(k_kind),
                      fmt::format("{}-{}", guest.address.kind, guest.address.name)};
  resource.spec = guest.spec["firewall"];
  resource.spec["vmid"] = get(guest.spec, "vmid");
  guest.spec.erase("firewall");
  resource.where = guest.place_of("firewall");
  constexpr std::string_view k_prefix = "firewall.";
  for (const auto& [path, where] : guest.places) {
    if (path.starts_with(k_prefix)) resource.places[path.substr(k_prefix.size())] = where;
  }
  resource.depends_on.push_back(guest.address);
  return resource;
}

}  // namespace

void connect_firewalls(Reading& reading) {
  auto& resources = reading.manifests.desired.resources;
  std::vector<Resource> taken;
  for (auto& [address, resource] : resources) {
    if (address.kind == k_kind) check_firewall(resource, false, reading);
    const bool is_guest = address.kind == "container" || address.kind == "machine";
    if (!is_guest || !resource.spec.contains("firewall")) continue;
    check_interfaces(resource, resource.spec["firewall"], reading);
    taken.push_back(take_firewall(resource));
    check_firewall(taken.back(), true, reading);
  }
  for (Resource& resource : taken) resources.emplace(resource.address, std::move(resource));
  for (auto& [address, resource] : resources) {
    if (address.kind != k_kind) continue;
    check_firewall_names(resource, reading);
    if (address.name == "datacenter") continue;
    need(resource, {address.scope, std::string(k_kind), "datacenter"}, reading);
  }
}

}  // namespace aegis
