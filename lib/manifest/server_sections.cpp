#include "manifest/server_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

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

constexpr std::array<ServerSection, 22> k_sections{{
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
    {"repositories", "setting", true},
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
  const std::string image = text_or(spec, "template");
  add("storage", storage_of_volume(image));
  add("template", image.substr(image.rfind('/') + 1));
  add("storage", text_or(get(spec, "rootfs"), "storage"));
  add("storage", text_or(get(spec, "clone"), "storage"));
  for (const char* group : {"mount_points", "disks"}) {
    for (const Json& disk : get(spec, group)) {
      add("storage", text_or(disk, "storage"));
      add("storage", storage_of_volume(text_or(disk, "volume")));
    }
  }
  for (const Json& network : get(spec, "network")) add("interface", text_or(network, "bridge"));
  return named;
}

// Addresses of what an object of the server or its cluster names; they need not be declared.
std::vector<Address> named_by_object(const Resource& object) {
  std::vector<Address> named;
  const auto add = [&](std::string_view kind, const std::string& name) {
    if (!name.empty()) named.push_back({object.scope, std::string(kind), name});
  };
  const std::string& kind = object.address.kind;
  const Json& spec = object.spec;
  if (kind == "matcher") {
    for (const Json& target : get(spec, "target")) add("endpoint", as_text(target));
  } else if (kind == "template") {
    add("storage", text_or(spec, "storage"));
  } else if (kind == "ha-resource") {
    add("ha-group", text_or(spec, "group"));
  } else if (kind == "backup-job") {
    add("storage", text_or(spec, "storage"));
    add("pool", text_or(spec, "pool"));
  }
  return named;
}

// The guests that an object is about: "ct:103" and "vm:103" of high availability, "103-0" of
// replication. A backup job is about several and outlives each of them: Proxmox takes one that goes
// off its list.
std::set<std::int64_t> guests_of(const Resource& object) {
  const std::string& kind = object.address.kind;
  const std::string& name = object.address.name;
  std::set<std::int64_t> guests;
  if (kind == "ha-resource") {
    guests.insert(as_integer(name.substr(name.find(':') + 1)).value_or(0));
  } else if (kind == "replication-job") {
    guests.insert(as_integer(name.substr(0, name.find('-'))).value_or(0));
  }
  return guests;
}

bool is_guest(const Address& address) {
  return address.kind == "container" || address.kind == "machine";
}

// Interfaces that an interface is made of.
std::vector<Address> named_by_interface(const Resource& interface) {
  std::vector<Address> named;
  const auto add = [&](const Json& name) {
    if (!as_text(name).empty()) named.push_back({interface.scope, "interface", as_text(name)});
  };
  for (const char* list : {"bridge_ports", "slaves"}) {
    for (const Json& port : get(interface.spec, list)) add(port);
  }
  add(get(interface.spec, "vlan-raw-device"));
  const std::string& name = interface.address.name;
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos) add(name.substr(0, dot));
  return named;
}

std::vector<Address> named_by(const Resource& resource) {
  const std::string& kind = resource.address.kind;
  if (is_guest(resource.address)) return named_by_guest(resource);
  return kind == "interface" ? named_by_interface(resource) : named_by_object(resource);
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

std::string section_path(std::string_view kind, std::string_view name) {
  for (const ServerSection& section : k_sections) {
    const bool fits = section.kind == kind && (!section.single || section.path == name);
    if (fits) return std::string(section.path);
  }
  return {};
}

bool holds_entries(std::string_view path) {
  return std::any_of(k_sections.begin(), k_sections.end(), [&](const ServerSection& section) {
    const bool within = section.path.size() > path.size() && section.path.starts_with(path) &&
                        section.path[path.size()] == '.';
    return !section.single && (within || section.path == path);
  });
}

std::optional<SectionField> section_field(std::string_view path) {
  for (const ServerSection& section : k_sections) {
    const bool below = path.size() > section.path.size() && path.starts_with(section.path) &&
                       path[section.path.size()] == '.';
    if (!below) continue;
    return SectionField{std::string(section.kind),
                        std::string(path.substr(section.path.size() + 1))};
  }
  return std::nullopt;
}

void connect_server_resources(Reading& reading) {
  auto& resources = reading.manifests.desired.resources;
  std::map<std::pair<std::string, std::int64_t>, Address> guests;
  for (const auto& [address, resource] : resources) {
    if (!is_guest(address)) continue;
    const auto vmid = as_integer(get(resource.spec, "vmid"));
    if (vmid) guests[{resource.scope, *vmid}] = address;
  }
  for (auto& [address, resource] : resources) {
    auto named = named_by(resource);
    for (const std::int64_t vmid : guests_of(resource)) {
      const auto guest = guests.find({resource.scope, vmid});
      if (guest != guests.end()) named.push_back(guest->second);
    }
    for (Address& need : named) {
      if (resources.contains(need)) resource.depends_on.push_back(std::move(need));
    }
  }
}

}  // namespace aegis
