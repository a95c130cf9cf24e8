#include "manifest/os.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "manifest/guests.h"
#include "manifest/os_composed.h"
#include "manifest/os_links.h"
#include "manifest/os_paths.h"
#include "manifest/os_units.h"
#include "manifest/schema.h"
#include "manifest/spec.h"

namespace aegis {
namespace {

struct OsSection {
  const char* name;
  const char* kind;
  const char* setting;  ///< of the scope: the names to look at
};

constexpr std::array<OsSection, 8> k_sections{{
    {"packages", "package", "packages"},
    {"groups", "os-group", "groups"},
    {"users", "os-user", "users"},
    {"directories", "directory", "paths"},
    {"files", "file", "paths"},
    {"git", "checkout", "paths"},
    {"units", "unit", "units"},
    {"sysctl", "sysctl", "kernel"},
}};

// A plan shows where it is from.
void check_checkout(const YamlNode& entry, Reading& reading) {
  const YamlNode& repository = *entry.find("repository");
  const std::size_t host = repository.text.find("://");
  const std::size_t at = repository.text.find('@');
  if (host == std::string::npos || at == std::string::npos) return;
  const std::string user = repository.text.substr(host + 3, at - host - 3);
  if (user.find('/') != std::string::npos || user.find(':') == std::string::npos) return;
  reading.error(repository.where,
                "a password in a place that plans show",
                "Let the owner of the checkout have an SSH key, or a file ~/.netrc or "
                "~/.git-credentials that only it reads.");
}

class OsReader {
 public:
  OsReader(Scope scope, std::vector<Address> needs, Reading& reading)
      : scope_(std::move(scope)), needs_(std::move(needs)), reading_(reading) {}

  void read(const YamlNode& os, const Json& schema) {
    for (const OsSection& section : k_sections) {
      const YamlNode* node = os.find(section.name);
      if (node == nullptr) continue;
      const Json& entries = *member_schema(schema, section.name);
      for (const YamlNode::Member& member : node->members) {
        read_entry(section, member, *member_schema(entries, member.key));
      }
    }
    for (const ComposedSection& section : composed_sections()) {
      const auto member = std::find_if(os.members.begin(), os.members.end(), [&](const auto& one) {
        return one.key == section.name;
      });
      if (member == os.members.end()) continue;
      const Json spec =
          to_spec(*member->value, *member_schema(schema, member->key), reading_.vault);
      for (Resource& resource : section.compose(*member, spec, reading_)) {
        take(std::move(resource));
      }
    }
    connect_os(resources_, {}, reading_);
    for (const auto& [setting, names] : names_) scope_.settings[setting] = names;
    auto& desired = reading_.manifests.desired;
    desired.scopes.emplace(scope_.name, std::move(scope_));
    for (Resource& resource : resources_) {
      desired.resources.emplace(resource.address, std::move(resource));
    }
  }

 private:
  void read_entry(const OsSection& section, const YamlNode::Member& member, const Json& schema) {
    const bool is_path = std::string_view(section.setting) == "paths";
    Resource resource;
    resource.address = {"", section.kind, is_path ? member.key.substr(1) : member.key};
    resource.where = member.key_where;
    resource.spec = to_spec(*member.value, schema, reading_.vault);
    if (resource.address.kind == "sysctl") resource.spec = {{"value", as_text(resource.spec)}};
    // "curl: present" is short for "curl: { state: present }".
    if (resource.spec.is_string()) resource.spec = {{"state", resource.spec}};
    if (!resource.spec.is_object()) resource.spec = Json::object();
    resource.places = places_of(*member.value);
    if (resource.address.kind == "file") read_file_content(member, resource.spec, reading_);
    if (get(resource.spec, "guarded") == true && scope_.name.starts_with("guest/")) {
      reading_.error(member.key_where,
                     "a guard where nobody can be shut out",
                     "A container is reached through its server. Take `guarded` away.");
    }
    if (resource.address.kind == "checkout") check_checkout(*member.value, reading_);
    if (resource.address.kind == "unit") read_unit(member, resource.spec, reading_);
    take(std::move(resource));
  }

  // Adds it, and notes what has to be looked at for it.
  void take(Resource&& resource) {
    const std::string& kind = resource.address.kind;
    const auto* const section =
        std::find_if(k_sections.begin(), k_sections.end(), [&](const OsSection& one) {
          return one.kind == kind;
        });
    const bool is_path = std::string_view(section->setting) == "paths";
    const std::string path =
        is_path ? "/" + resource.address.name : unit_file(resource.address.name);
    // A container is reached through its server, whatever it says itself.
    if (scope_.name.starts_with("guest/")) resource.spec.erase("guarded");
    const bool is_written = is_path || resource.spec.contains("payload");
    if (is_written && !may_take(path, resource.where)) return;
    if (is_path || kind == "unit") names_["paths"].insert(path);
    if (get(resource.spec, "guarded") == true) names_["guarded"].insert(path);
    if (kind == "checkout") {
      names_["checkouts"].insert(fmt::format("{} {}", text_or(resource.spec, "ref"), path));
    }
    if (!is_path) names_[section->setting].insert(resource.address.name);
    for (const std::string& unit : disturbed_units(resource.spec)) names_["units"].insert(unit);
    resource.address.scope = scope_.name;
    resource.scope = scope_.name;
    resource.depends_on = needs_;
    resources_.push_back(std::move(resource));
  }

  // False, with an error, for a path that cannot be managed or is taken.
  bool may_take(const std::string& path, const SourceSpan& where) {
    if (!check_managed_path(path, where, reading_)) return false;
    const auto [first, is_new] = taken_.try_emplace(path, where);
    if (is_new) return true;
    reading_.error(where,
                   "one path twice",
                   fmt::format("`{}` can be only one of a directory, a file and a unit.", path),
                   first->second);
    return false;
  }

  Scope scope_;
  std::vector<Address> needs_;
  Reading& reading_;
  std::vector<Resource> resources_;
  std::map<std::string, SourceSpan> taken_;
  std::map<std::string, std::set<std::string>> names_;  ///< by setting
};

bool can_be_reached(const std::string& server, const SourceSpan& where, Reading& reading) {
  if (reading.manifests.connections.servers.at(server).ssh) return true;
  reading.error(where,
                "an operating system that cannot be reached",
                fmt::format("It is reached over SSH, and servers.{} has no `ssh`.", server));
  return false;
}

// The place of the section, when the server that it is reached through has SSH.
const YamlNode* find_os(const YamlNode& mapping, const std::string& server, Reading& reading) {
  for (const YamlNode::Member& member : mapping.members) {
    if (member.key == "os" && can_be_reached(server, member.key_where, reading))
      return member.value.get();
  }
  return nullptr;
}

Scope host_scope(const std::string& server, const SourceSpan& where) {
  Scope scope;
  scope.name = fmt::format("host/{}", server);
  scope.where = where;
  scope.settings = {{"endpoint", proxmox_endpoint(server)}, {"shell", host_shell(server)}};
  return scope;
}

Scope guest_scope(const Resource& container, const SourceSpan& where, const Reading& reading) {
  const std::string server = text_or(container.spec, "server");
  const auto vmid = as_integer(get(container.spec, "vmid")).value_or(0);
  const Json& host = reading.manifests.desired.scopes.at(container.scope).settings;
  Scope scope;
  scope.name = fmt::format("guest/{}", container.address.name);
  scope.where = where;
  scope.settings = {{"endpoint", host.at("endpoint")},
                    {"shell", guest_shell(server, vmid)},
                    {"guest",
                     {{"endpoint", host.at("endpoint")},
                      {"node", host.at("node")},
                      {"vmid", vmid},
                      {"address", to_string(container.address)}}}};
  return scope;
}

// The scope of a system that is named from elsewhere; nothing, with an error, when it is not there.
std::optional<Scope> find_system(const Address& system, const SourceSpan& where, Reading& reading) {
  const auto& servers = reading.manifests.connections.servers;
  if (system.kind == "server") {
    std::vector<std::string> names;
    for (const auto& [name, server] : servers) names.push_back(name);
    if (!servers.contains(system.name)) reading.unknown("servers", system.name, names, where);
    if (!servers.contains(system.name) || !can_be_reached(system.name, where, reading))
      return std::nullopt;
    return host_scope(system.name, where);
  }
  const Resource* container = find_container(system.name, where, reading);
  if (container == nullptr || !can_be_reached(text_or(container->spec, "server"), where, reading)) {
    return std::nullopt;
  }
  return guest_scope(*container, where, reading);
}

}  // namespace

void read_host_os(const std::string& name,
                  const YamlNode& server,
                  const Json& schema,
                  Reading& reading) {
  const YamlNode* os = find_os(server, name, reading);
  if (os == nullptr) return;
  OsReader(host_scope(name, os->where), {}, reading).read(*os, *member_schema(schema, "os"));
}

void read_guest_os(Resource& container,
                   const YamlNode& mapping,
                   const Json& schema,
                   Reading& reading) {
  container.spec.erase("os");
  const std::string server = text_or(container.spec, "server");
  const YamlNode* os = find_os(mapping, server, reading);
  if (os == nullptr) return;
  OsReader(guest_scope(container, os->where, reading), {container.address}, reading)
      .read(*os, *member_schema(schema, "os"));
}

void add_os_resources(const char* section,
                      const Address& system,
                      const SourceSpan& where,
                      std::vector<Resource> resources,
                      Reading& reading) {
  std::optional<Scope> fresh = find_system(system, where, reading);
  if (!fresh) return;
  Desired& desired = reading.manifests.desired;
  const std::string name = fresh->name;
  Scope& scope = desired.scopes.emplace(name, std::move(*fresh)).first->second;
  auto paths = scope.settings.value("paths", std::set<std::string>{});
  auto units = scope.settings.value("units", std::set<std::string>{});
  std::vector<const Resource*> known;
  for (const auto& [address, resource] : desired.resources) {
    if (resource.scope == name) known.push_back(&resource);
  }
  for (Resource& resource : resources) {
    const bool is_unit = resource.address.kind == "unit";
    const std::string path =
        is_unit ? unit_file(resource.address.name) : "/" + resource.address.name;
    resource.address.scope = name;
    resource.scope = name;
    if (is_unit) units.insert(resource.address.name);
    if (system.kind == "container") resource.depends_on.push_back(system);
    for (const std::string& unit : disturbed_units(resource.spec)) units.insert(unit);
    if (paths.insert(path).second) continue;
    const auto first = std::find_if(known.begin(), known.end(), [&](const Resource* one) {
      return one->address.name == resource.address.name && one->address.kind != "package";
    });
    reading.error(where,
                  "one path twice",
                  fmt::format("`{}` is made from `{}`; take it out of `os`.", path, section),
                  first == known.end() ? std::nullopt : std::optional((*first)->where));
  }
  connect_os(resources, known, reading);
  scope.settings["paths"] = paths;
  if (!units.empty()) scope.settings["units"] = units;
  for (Resource& resource : resources) {
    desired.resources.emplace(resource.address, std::move(resource));
  }
}

}  // namespace aegis
