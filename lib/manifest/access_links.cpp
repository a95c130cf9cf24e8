#include "manifest/access_links.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "manifest/schema.h"
#include "manifest/user_path.h"

namespace aegis {
namespace {

struct NameRule {
  std::string_view kind;
  const char* pattern;
  std::string_view form;  ///< what it should look like, for people
};

constexpr std::array k_name_rules{
    NameRule{
        "user", "[^\\s:/!@]+@[A-Za-z][A-Za-z0-9._-]+", "A user is \"name@realm\", such as ci@pve."},
    NameRule{"token",
             "[^\\s:/!@]+@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]+",
             "A token is \"name@realm!token\", such as \"ci@pve!plan\", in quotes; its own name "
             "starts with a letter and has two characters or more."},
    NameRule{"group", "[A-Za-z0-9._-]+", "A group has letters, digits, \".\", \"-\" and \"_\"."},
    NameRule{"pool", "[A-Za-z0-9._-]+", "A pool has letters, digits, \".\", \"-\" and \"_\"."},
    NameRule{"role",
             "(?![Pp][Vv][Ee]|Administrator$|NoAccess$)[A-Za-z0-9._-]+",
             "A role has letters, digits, \".\", \"-\" and \"_\"; names that start with PVE, "
             "Administrator and NoAccess are Proxmox's own."},
};

// The paths that Proxmox takes grants on.
constexpr const char* k_grant_path =
    "/|/access(/(groups|realm)(/[A-Za-z0-9._-]+)?)?|/nodes(/[A-Za-z0-9._-]+)?|"
    "/pool(/[A-Za-z0-9._-]+){0,3}|/sdn(/(controllers|dns|ipams|zones)(/[A-Za-z0-9._-]+)?)?|"
    "/sdn/zones/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+(/[1-9][0-9]{0,3})?|"
    "/storage(/[A-Za-z0-9._-]+)?|/vms(/[1-9][0-9]{2,})?|/mapping(/[A-Za-z0-9._-]+){0,2}";

bool is_all(const char* pattern, const std::string& text) {
  return matches_pattern(fmt::format("^(?:{})$", pattern), text);
}

class Linker {
 public:
  explicit Linker(Reading& reading)
      : reading_(reading), resources_(reading.manifests.desired.resources) {}

  void link(Resource& resource) {
    check_name(resource);
    const std::string& kind = resource.address.kind;
    link_grants(resource);
    if (kind == "user") need_all(resource, "group", get(resource.spec, "groups"));
    if (kind == "token") link_token(resource);
    if (kind == "pool") link_pool(resource);
  }

 private:
  void check_name(const Resource& resource) {
    for (const NameRule& rule : k_name_rules) {
      if (rule.kind != resource.address.kind) continue;
      if (is_all(rule.pattern, resource.address.name)) return;
      reading_.error(resource.where,
                     fmt::format("not the name of a {}", rule.kind),
                     fmt::format("`{}` cannot be one. {}", resource.address.name, rule.form));
    }
  }

  void need(Resource& resource, std::string_view kind, const std::string& name) {
    const Address address{resource.scope, std::string(kind), name};
    if (resources_.contains(address)) resource.depends_on.push_back(address);
  }

  void need_all(Resource& resource, std::string_view kind, const Json& names) {
    for (const Json& name : names) need(resource, kind, as_text(name));
  }

  void link_grants(Resource& resource) {
    for (const auto& [path, given] : get(resource.spec, "acl").items()) {
      need_all(resource, "role", given.is_array() ? given : get(given, "roles"));
      if (is_all(k_grant_path, path)) continue;
      reading_.error(resource.place_of("acl." + path),
                     "not a path of Proxmox's permissions",
                     fmt::format("`{}` is none. Paths are /, /vms/103, /storage/local, "
                                 "/nodes/fsn1, /pool/prod, /access/groups, "
                                 "/sdn/zones/localnetwork, /mapping and the like.",
                                 path));
    }
  }

  void link_token(Resource& resource) {
    need(resource, "user", resource.address.name.substr(0, resource.address.name.find('!')));
    const std::string file = text_or(resource.spec, "secret_file");
    if (file.empty()) return;
    const auto place = user_path(reading_.folder, reading_.environment("HOME").value_or(""), file);
    std::error_code ignored;
    resource.spec["secret_missing"] = !std::filesystem::exists(place, ignored);
    const SourceSpan& where = resource.place_of("secret_file");
    const auto [first, is_new] = files_.try_emplace(place.lexically_normal().string(), where);
    if (is_new) return;
    reading_.error(where,
                   "two secrets in one file",
                   fmt::format("`{}` is the file of another token too.", file),
                   first->second);
  }

  void link_pool(Resource& resource) {
    if (resource.address.name == "aegisctl-lock") {
      reading_.error(resource.where,
                     "the name of our lock",
                     "`aegisctl-lock` is the pool that runs of aegisctl lock each other out with. "
                     "Give the pool another name.");
    }
    Json vmids = Json::object();
    const Json& names = get(resource.spec, "containers");
    for (std::size_t i = 0; i < names.size(); ++i) {
      const SourceSpan& where = resource.place_of(fmt::format("containers[{}]", i));
      const Resource* container = find_container(resource, as_text(names[i]), where);
      if (container == nullptr) continue;
      vmids[as_text(names[i])] = get(container->spec, "vmid");
      resource.depends_on.push_back(container->address);
      claim(*container, where);
    }
    resource.spec["vmids"] = std::move(vmids);
    need_all(resource, "storage", get(resource.spec, "storage"));
  }

  const Resource* find_container(const Resource& pool,
                                 const std::string& name,
                                 const SourceSpan& where) {
    const auto found = resources_.find({"", "container", name});
    if (found != resources_.end()) {
      if (found->second.scope == pool.scope) return &found->second;
      reading_.error(where,
                     "a container of another server",
                     fmt::format("`{}` is on {}, and a pool holds what is on its own server.",
                                 name,
                                 found->second.scope));
      return nullptr;
    }
    std::vector<std::string> known;
    for (const auto& [address, resource] : resources_) {
      if (address.kind == "container" && resource.scope == pool.scope)
        known.push_back(address.name);
    }
    reading_.unknown("containers", name, known, where);
    return nullptr;
  }

  void claim(const Resource& container, const SourceSpan& where) {
    const auto [first, is_new] = members_.try_emplace(container.address, where);
    if (is_new) return;
    reading_.error(where,
                   "a container in two pools",
                   fmt::format("`{}` is in another pool already, and Proxmox keeps a guest in one.",
                               container.address.name),
                   first->second);
  }

  Reading& reading_;
  std::map<Address, Resource>& resources_;
  std::map<std::string, SourceSpan> files_;
  std::map<Address, SourceSpan> members_;
};

}  // namespace

void connect_access(Reading& reading) {
  Linker linker(reading);
  for (auto& [address, resource] : reading.manifests.desired.resources) {
    if (address.scope == resource.scope) linker.link(resource);
  }
}

}  // namespace aegis
