#include "manifest/os.h"

#include <fmt/format.h>

#include <array>
#include <set>
#include <utility>

#include "manifest/os_paths.h"
#include "manifest/schema.h"
#include "manifest/spec.h"

namespace aegis {
namespace {

struct OsSection {
  const char* name;
  const char* kind;
};

// Everything in them is called by its path.
constexpr std::array<OsSection, 2> k_path_sections{{
    {"directories", "directory"},
    {"files", "file"},
}};

class OsReader {
 public:
  OsReader(Scope scope, std::vector<Address> needs, Reading& reading)
      : scope_(std::move(scope)), needs_(std::move(needs)), reading_(reading) {}

  void read(const YamlNode& os, const Json& schema) {
    for (const OsSection& section : k_path_sections) {
      const YamlNode* node = os.find(section.name);
      if (node == nullptr) continue;
      const Json& entries = *member_schema(schema, section.name);
      for (const YamlNode::Member& member : node->members) {
        read_path(section.kind, member, *member_schema(entries, member.key));
      }
    }
    connect_paths();
    scope_.settings["paths"] = paths_;
    auto& desired = reading_.manifests.desired;
    desired.scopes.emplace(scope_.name, std::move(scope_));
    for (Resource& resource : resources_) {
      desired.resources.emplace(resource.address, std::move(resource));
    }
  }

 private:
  void read_path(const std::string& kind, const YamlNode::Member& member, const Json& schema) {
    if (!check_managed_path(member.key, member.key_where, reading_)) return;
    const auto [first, is_new] = taken_.try_emplace(member.key, member.key_where);
    if (!is_new) {
      reading_.error(member.key_where,
                     "one path twice",
                     fmt::format("`{}` cannot be a directory and a file.", member.key),
                     first->second);
      return;
    }
    Resource resource;
    resource.address = {scope_.name, kind, member.key.substr(1)};
    resource.scope = scope_.name;
    resource.where = member.key_where;
    resource.spec = to_spec(*member.value, schema, reading_.vault);
    if (!resource.spec.is_object()) resource.spec = Json::object();
    resource.places = places_of(*member.value);
    resource.depends_on = needs_;
    if (kind == "file") read_file_content(member, resource.spec, reading_);
    paths_.insert(member.key);
    resources_.push_back(std::move(resource));
  }

  // Each stands on the nearest directory around it that is declared, too.
  void connect_paths() {
    std::map<std::string, const Resource*> by_name;
    for (const Resource& resource : resources_) by_name[resource.address.name] = &resource;
    for (Resource& resource : resources_) {
      std::string around = resource.address.name;
      while (around.find('/') != std::string::npos) {
        around.resize(around.rfind('/'));
        const auto found = by_name.find(around);
        if (found == by_name.end()) continue;
        if (found->second->address.kind == "file") {
          reading_.error(resource.where,
                         "a path below a file",
                         fmt::format("`/{}` is declared as a file.", around),
                         found->second->where);
        }
        resource.depends_on.push_back(found->second->address);
        break;
      }
    }
  }

  Scope scope_;
  std::vector<Address> needs_;
  Reading& reading_;
  std::vector<Resource> resources_;
  std::map<std::string, SourceSpan> taken_;
  std::set<std::string> paths_;
};

// The place of the section, when the server that it is reached through has SSH.
const YamlNode* find_os(const YamlNode& mapping, const std::string& server, Reading& reading) {
  for (const YamlNode::Member& member : mapping.members) {
    if (member.key != "os") continue;
    if (reading.manifests.connections.servers.at(server).ssh) return member.value.get();
    reading.error(member.key_where,
                  "an operating system that cannot be reached",
                  fmt::format("It is reached over SSH, and servers.{} has no `ssh`.", server));
  }
  return nullptr;
}

}  // namespace

void read_host_os(const std::string& name,
                  const YamlNode& server,
                  const Json& schema,
                  Reading& reading) {
  const YamlNode* os = find_os(server, name, reading);
  if (os == nullptr) return;
  Scope scope;
  scope.name = fmt::format("host/{}", name);
  scope.where = os->where;
  scope.settings = {{"endpoint", proxmox_endpoint(name)}, {"shell", host_shell(name)}};
  OsReader(std::move(scope), {}, reading).read(*os, *member_schema(schema, "os"));
}

void read_guest_os(Resource& container,
                   const YamlNode& mapping,
                   const Json& schema,
                   Reading& reading) {
  container.spec.erase("os");
  const std::string server = text_or(container.spec, "server");
  const YamlNode* os = find_os(mapping, server, reading);
  if (os == nullptr) return;
  const auto vmid = as_integer(get(container.spec, "vmid")).value_or(0);
  const Json& host = reading.manifests.desired.scopes.at(container.scope).settings;
  Scope scope;
  scope.name = fmt::format("guest/{}", container.address.name);
  scope.where = os->where;
  scope.settings = {{"endpoint", host.at("endpoint")},
                    {"shell", guest_shell(server, vmid)},
                    {"guest",
                     {{"endpoint", host.at("endpoint")},
                      {"node", host.at("node")},
                      {"vmid", vmid},
                      {"address", to_string(container.address)}}}};
  OsReader(std::move(scope), {container.address}, reading).read(*os, *member_schema(schema, "os"));
}

}  // namespace aegis
