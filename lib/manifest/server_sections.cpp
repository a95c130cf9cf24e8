#include "manifest/server_sections.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "base/text.h"
#include "manifest/schema.h"
#include "manifest/spec.h"

namespace aegis {
namespace {

struct ServerSection {
  std::string_view path;  ///< below the server: "access.users"
  std::string_view kind;
  /// The section is one resource, called like the last piece of its path; else each entry is one.
  bool single = false;
};

constexpr std::array<ServerSection, 21> k_sections{{
    {"access.groups", "group"},
    {"access.pools", "pool"},
    {"access.roles", "role"},
    {"access.tokens", "token"},
    {"access.users", "user"},
    {"dns", "setting", true},
    {"facts", "setting", true},
    {"firewall", "firewall"},
    {"ha.groups", "ha-group"},
    {"ha.resources", "ha-resource"},
    {"hosts", "setting", true},
    {"interfaces", "interface"},
    {"jobs.backup", "backup-job"},
    {"jobs.replication", "replication-job"},
    {"metrics", "metric"},
    {"notifications.endpoints", "endpoint"},
    {"notifications.matchers", "matcher"},
    {"options", "setting", true},
    {"storage", "storage"},
    {"templates", "template"},
    {"time", "setting", true},
}};

struct Place {
  const YamlNode* node;
  const Json* schema;
};

// What is at `path`, or null where the manifest has nothing.
Place at_path(Place place, std::string_view path) {
  for (const std::string& piece : split(path, '.')) {
    place.node = place.node->find(piece);
    if (place.node == nullptr) return place;
    place.schema = member_schema(*place.schema, piece);
  }
  return place;
}

void add_resource(const Address& address,
                  const SourceSpan& where,
                  const Place& place,
                  Reading& reading) {
  Resource resource;
  resource.address = address;
  resource.scope = address.scope;
  resource.where = where;
  resource.spec = to_spec(*place.node, *place.schema, reading.vault);
  resource.places = places_of(*place.node);
  if (address.name.find('/') != std::string::npos) {
    reading.error(
        where,
        "a name with a slash",
        fmt::format("`{}` cannot be addressed: names must not hold \"/\".", address.name));
    return;
  }
  reading.manifests.desired.resources.emplace(address, std::move(resource));
}

void read_section(const ServerSection& section,
                  const Place& place,
                  const std::string& scope,
                  Reading& reading) {
  const std::string kind(section.kind);
  if (section.single) {
    add_resource({scope, kind, std::string(section.path)}, place.node->where, place, reading);
    return;
  }
  for (const YamlNode::Member& member : place.node->members) {
    const Json* schema = member_schema(*place.schema, member.key);
    add_resource(
        {scope, kind, member.key}, member.key_where, {member.value.get(), schema}, reading);
  }
}

// The storage in "local:vztmpl/debian.tar.zst".
std::string storage_of_volume(const std::string& volume) {
  const std::size_t colon = volume.find(':');
  return colon == std::string::npos ? "" : volume.substr(0, colon);
}

// Addresses of what a container or a machine names; they need not be declared.
std::vector<Address> named_by_guest(const Resource& guest) {
  std::vector<Address> named;
  const auto add = [&](std::string_view kind, const std::string& name) {
    if (!name.empty()) named.push_back({guest.scope, std::string(kind), name});
  };
  const Json& spec = guest.spec;
  add("storage", storage_of_volume(text_or(spec, "template")));
  add("storage", text_or(get(spec, "rootfs"), "storage"));
  for (const char* group : {"mount_points", "disks"}) {
    for (const Json& disk : get(spec, group)) {
      add("storage", text_or(disk, "storage"));
      add("storage", storage_of_volume(text_or(disk, "volume")));
    }
  }
  for (const Json& network : get(spec, "network")) add("interface", text_or(network, "bridge"));
  return named;
}

}  // namespace

void read_server_sections(const std::string& name, const YamlNode& server, Reading& reading) {
  const Json& schema = *member_schema(*member_schema(project_schema(), "servers"), name);
  Scope& scope = reading.manifests.desired.scopes.find("server/" + name)->second;
  Json& managed = scope.settings["sections"] = Json::array();
  for (const ServerSection& section : k_sections) {
    const Place place = at_path({&server, &schema}, section.path);
    if (place.node == nullptr) continue;
    managed.push_back(section.path);
    read_section(section, place, scope.name, reading);
  }
}

void connect_server_resources(Reading& reading) {
  auto& resources = reading.manifests.desired.resources;
  for (auto& [address, resource] : resources) {
    if (address.kind != "container" && address.kind != "machine") continue;
    for (Address& need : named_by_guest(resource)) {
      if (resources.contains(need)) resource.depends_on.push_back(std::move(need));
    }
  }
}

}  // namespace aegis
