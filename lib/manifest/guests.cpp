#include "manifest/guests.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "base/units.h"
#include "manifest/schema.h"
#include "manifest/spec.h"

namespace aegis {

std::optional<Resource> read_guest(const YamlNode::Member& member,
                                   const std::string& section,
                                   const std::string& kind,
                                   Reading& reading) {
  const Json& schema = *member_schema(*member_schema(project_schema(), section), "");
  Resource resource;
  resource.address = {"", kind, member.key};
  resource.where = member.key_where;
  resource.spec = to_spec(*member.value, schema, reading.vault);
  resource.places = places_of(*member.value);
  const std::string server = text_or(resource.spec, "server");
  resource.scope = "server/" + server;
  if (reading.manifests.desired.scopes.contains(resource.scope)) return resource;
  std::vector<std::string> servers;
  for (const auto& [name, known] : reading.manifests.connections.servers) servers.push_back(name);
  reading.unknown("servers", server, servers, resource.place_of("server"));
  reading.wrong[section].insert(member.key);
  return std::nullopt;
}

void check_least_memory(const Resource& guest, Reading& reading) {
  constexpr std::int64_t k_least = std::int64_t{16} << 20U;
  const auto memory = parse_size(as_text(get(guest.spec, "memory")));
  if (!memory || *memory >= k_least) return;
  reading.error(guest.place_of("memory"),
                "too little memory",
                fmt::format("{} gets {}; a {} has at least 16MiB.",
                            to_string(guest.address),
                            as_text(get(guest.spec, "memory")),
                            guest.address.kind));
}

void check_vmids(Reading& reading) {
  std::map<std::pair<std::string, std::string>, const Resource*> takers;
  for (const auto& [address, guest] : reading.manifests.desired.resources) {
    if (address.kind != "container" && address.kind != "machine") continue;
    const std::string vmid = as_text(get(guest.spec, "vmid"));
    const auto [known, is_free] = takers.try_emplace({guest.scope, vmid}, &guest);
    if (is_free) continue;
    const Resource* first = known->second;
    const Resource* second = &guest;
    if (second->place_of("vmid") < first->place_of("vmid")) std::swap(first, second);
    reading.error(
        second->place_of("vmid"),
        "a vmid is used twice",
        fmt::format("{} is {}'s number on this server.",
                    vmid,
                    first->address.kind == second->address.kind ? "another " + first->address.kind
                                                                : to_string(first->address)),
        first->place_of("vmid"));
  }
}

namespace {

// So that none of them is taken for nobody's where it lives, before it has moved.
void tell_other_servers(const Resource& guest, Reading& reading) {
  auto& scopes = reading.manifests.desired.scopes;
  const Json entry{{"kind", guest.address.kind},
                   {"vmid", get(guest.spec, "vmid")},
                   {"node", get(scopes.find(guest.scope)->second.settings, "node")}};
  for (auto& [name, scope] : scopes) {
    if (scope.type() == "server" && name != guest.scope) {
      scope.settings["elsewhere"].push_back(entry);
    }
  }
}

}  // namespace

void list_guests(Reading& reading) {
  constexpr std::int64_t k_usual_memory = std::int64_t{512} << 20U;
  auto& scopes = reading.manifests.desired.scopes;
  const bool has_others = reading.manifests.connections.servers.size() > 1;
  for (auto& [name, scope] : scopes) {
    if (has_others && scope.type() == "server") scope.settings["elsewhere"] = Json::array();
  }
  for (const auto& [address, resource] : reading.manifests.desired.resources) {
    if (address.kind != "container" && address.kind != "machine") continue;
    const auto memory = parse_size(as_text(get(resource.spec, "memory")));
    const auto scope = scopes.find(resource.scope);
    scope->second.settings["guests"].push_back(
        {{"kind", address.kind},
         {"vmid", get(resource.spec, "vmid")},
         {"memory", memory.value_or(k_usual_memory)},
         {"runs", text_or(resource.spec, "state", "started") == "started"}});
    tell_other_servers(resource, reading);
  }
}

void connect_clones(Reading& reading) {
  auto& resources = reading.manifests.desired.resources;
  for (auto& [address, resource] : resources) {
    const Json& source = get(get(resource.spec, "clone"), "vmid");
    if (source.is_null()) continue;
    for (const auto& [other, candidate] : resources) {
      const bool is_source = other.kind == address.kind && candidate.scope == resource.scope &&
                             get(candidate.spec, "vmid") == source;
      if (is_source && other != address) resource.depends_on.push_back(other);
    }
  }
}

const Resource* find_guest(const Address& address, const SourceSpan& where, Reading& reading) {
  const auto& resources = reading.manifests.desired.resources;
  const auto guest = resources.find(address);
  if (guest != resources.end()) return &guest->second;
  std::vector<std::string> names;
  for (const auto& [known, resource] : resources) {
    if (known.kind == address.kind) names.push_back(known.name);
  }
  reading.unknown(address.kind + "s", address.name, names, where);
  return nullptr;
}

const Resource* find_container(const std::string& name, const SourceSpan& where, Reading& reading) {
  return find_guest({"", "container", name}, where, reading);
}

}  // namespace aegis
