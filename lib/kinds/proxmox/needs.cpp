#include "kinds/proxmox/needs.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

struct Row {
  std::string_view kind;
  std::string_view attributes;  ///< "cores cpulimit": needed when the spec has one; empty: always
  std::string_view privileges;
  std::string_view path;  ///< with {name}, {vmid}, {node}, and the lists of `paths_of`
};

// From Proxmox's own checks; where one of several privileges is enough, the least one is first.
constexpr std::array k_plan_rows{
    Row{"container", "", "VM.Audit", "/vms/{vmid}"},
    Row{"machine", "", "VM.Audit", "/vms/{vmid}"},
    Row{"storage", "", "Datastore.Audit Datastore.AllocateSpace", "/storage/{name}"},
    Row{"template", "", "Datastore.Audit Datastore.AllocateSpace", "/storage"},
    Row{"user", "", "Sys.Audit", "/access"},
    Row{"user", "", "Sys.Audit User.Modify", "/access/groups"},
    Row{"group", "", "Sys.Audit", "/access"},
    Row{"token", "", "Sys.Audit", "/access"},
    Row{"token", "", "Sys.Audit User.Modify", "/access/groups"},
    Row{"pool", "", "Pool.Audit", "/pool/{name}"},
    Row{"interface", "", "SDN.Audit SDN.Use", "/sdn/zones/localnetwork"},
    Row{"setting", "", "Sys.Audit", "{setting}"},
    Row{"firewall", "", "Sys.Audit", "{firewall}"},
    Row{"guest firewall", "", "VM.Audit", "/vms"},
    Row{"endpoint", "", "Mapping.Audit Mapping.Modify", "/mapping/notifications"},
    Row{"matcher", "", "Mapping.Audit Mapping.Modify", "/mapping/notifications"},
    Row{"metric", "", "Sys.Audit", "/"},
    Row{"backup-job", "", "Sys.Audit", "/"},
    // Backups are only listed to who could make them.
    Row{"backup-job", "", "VM.Backup", "/vms"},
    Row{"backup-job", "storage", "Datastore.AllocateSpace", "/storage/{storage}"},
    Row{"replication-job", "", "Sys.Audit", "/"},
    Row{"ha-group", "", "Sys.Audit", "/"},
    Row{"ha-resource", "", "Sys.Audit", "/"},
};

constexpr std::array k_apply_rows{
    Row{"lock", "", "Pool.Allocate", "/pool/aegisctl-lock"},
    Row{"lock", "", "Pool.Audit", "/pool/aegisctl-lock"},
    Row{"container", "", "VM.Allocate", "/vms/{vmid}"},
    Row{"container", "", "VM.Config.Options", "/vms/{vmid}"},
    Row{"container", "cores cpulimit cpuunits", "VM.Config.CPU", "/vms/{vmid}"},
    Row{"container", "memory swap", "VM.Config.Memory", "/vms/{vmid}"},
    Row{"container", "rootfs mount_points", "VM.Config.Disk", "/vms/{vmid}"},
    Row{"container", "rootfs mount_points", "Datastore.AllocateSpace", "{storages}"},
    Row{"container",
        "network nameserver searchdomain hostname",
        "VM.Config.Network",
        "/vms/{vmid}"},
    Row{"container", "network", "SDN.Use", "{bridges}"},
    Row{"container", "clone", "VM.Clone", "{original}"},
    Row{"container", "template", "Datastore.Audit Datastore.AllocateSpace", "{template}"},
    Row{"container", "state", "VM.PowerMgmt", "/vms/{vmid}"},
    Row{"container", "server", "VM.Migrate", "{movable}"},
    Row{"machine", "", "VM.Allocate", "/vms/{vmid}"},
    Row{"machine", "", "VM.Config.CPU", "/vms/{vmid}"},
    Row{"machine", "", "VM.Config.Memory", "/vms/{vmid}"},
    Row{"machine", "", "VM.Config.Options", "/vms/{vmid}"},
    Row{"machine", "", "VM.PowerMgmt", "/vms/{vmid}"},
    Row{"machine", "server", "VM.Migrate", "{movable}"},
    Row{"machine",
        "machine scsihw vga serial0 hotplug usb hostpci",
        "VM.Config.HWType",
        "/vms/{vmid}"},
    Row{"machine", "usb hostpci", "Mapping.Use", "{mappings}"},
    Row{"machine",
        "disks efidisk0 tpmstate0 network boot cloudinit",
        "VM.Config.Disk",
        "/vms/{vmid}"},
    Row{"machine", "disks cloudinit", "VM.Config.CDROM", "/vms/{vmid}"},
    Row{"machine", "cloudinit", "VM.Config.Cloudinit", "/vms/{vmid}"},
    Row{"machine", "network", "VM.Config.Network", "/vms/{vmid}"},
    Row{"machine", "network", "SDN.Use", "{bridges}"},
    Row{"machine", "disks efidisk0 tpmstate0 cloudinit", "Datastore.AllocateSpace", "{storages}"},
    Row{"machine", "disks", "Datastore.Audit Datastore.AllocateSpace", "{images}"},
    Row{"machine", "clone", "VM.Clone", "{original}"},
    Row{"machine", "startup", "Sys.Modify", "/"},
    Row{"storage", "", "Datastore.Allocate", "/storage"},
    Row{"template", "", "Datastore.AllocateTemplate", "/storage"},
    Row{"template", "url", "Sys.AccessNetwork Sys.Modify", "/nodes/{node}"},
    Row{"user", "", "Realm.AllocateUser", "/access/realm/{realm}"},
    Row{"user", "", "User.Modify", "/access/groups"},
    Row{"user", "acl", "Permissions.Modify", "{grants}"},
    Row{"group", "", "Group.Allocate", "/access/groups"},
    Row{"group", "acl", "Permissions.Modify", "{grants}"},
    Row{"token", "", "User.Modify", "/access/groups"},
    Row{"token", "acl", "Permissions.Modify", "{grants}"},
    Row{"role", "", "Sys.Modify", "/access"},
    Row{"pool", "", "Pool.Allocate", "/pool/{name}"},
    Row{"pool", "containers", "VM.Allocate Permissions.Modify", "{members}"},
    Row{"pool", "storage", "Datastore.Allocate Permissions.Modify", "{pool_storages}"},
    Row{"interface", "", "Sys.Modify", "/nodes/{node}"},
    Row{"setting", "", "Sys.Modify", "{setting}"},
    Row{"firewall", "", "Sys.Modify", "{firewall}"},
    Row{"guest firewall", "", "VM.Config.Network", "/vms"},
    Row{"endpoint", "", "Mapping.Modify", "/mapping/notifications"},
    Row{"endpoint", "", "Sys.AccessNetwork Sys.Modify", "/"},
    Row{"matcher", "", "Mapping.Modify", "/mapping/notifications"},
    Row{"metric", "", "Sys.Modify", "/"},
    Row{"backup-job", "", "Sys.Modify", "/"},
    Row{"backup-job", "", "Datastore.Allocate", "/storage"},
    Row{"replication-job", "", "Datastore.Allocate", "/storage"},
    Row{"ha-group", "", "Sys.Console", "/"},
    Row{"ha-resource", "", "Sys.Console", "/"},
};

using Paths = std::set<std::string>;

// Only where there is another server can a guest come from there.
Paths movable(const Json& spec, const Scope& scope) {
  if (!scope.settings.contains("elsewhere")) return {};
  return {fmt::format("/vms/{}", as_text(get(spec, "vmid")))};
}

// Firewalls of guests are called "container-NAME" and "machine-NAME"; others belong to the
// datacenter or the node.
std::string_view row_kind(const Resource& resource) {
  const Address& address = resource.address;
  const bool of_guest = address.kind == "firewall" && address.name.find('-') != std::string::npos;
  return of_guest ? std::string_view("guest firewall") : std::string_view(address.kind);
}

Paths storages_in(const Json& spec) {
  Paths paths;
  const auto add = [&](const Json& disk) {
    const std::string storage = text_or(disk, "storage");
    if (!storage.empty()) paths.insert(fmt::format("/storage/{}", storage));
  };
  add(get(spec, "rootfs"));
  for (const Json& disk : get(spec, "mount_points")) add(disk);
  for (const Json& disk : get(spec, "disks")) add(disk);
  for (const char* one : {"efidisk0", "tpmstate0", "cloudinit", "clone"}) add(get(spec, one));
  return paths;
}

// The storages of the images that a machine's disks are copied from or show.
Paths images_in(const Json& spec) {
  Paths paths;
  for (const Json& disk : get(spec, "disks")) {
    for (const char* one : {"import_from", "cdrom"}) {
      const std::string image = text_or(disk, one);
      const std::size_t colon = image.find(':');
      if (colon != std::string::npos) {
        paths.insert(fmt::format("/storage/{}", image.substr(0, colon)));
      }
    }
  }
  return paths;
}

Paths mappings_in(const Json& spec) {
  Paths paths;
  for (const auto& [attribute, kind] : {std::pair{"usb", "usb"}, std::pair{"hostpci", "pci"}}) {
    for (const Json& device : get(spec, attribute)) {
      const std::string mapping = text_or(device, "mapping");
      if (!mapping.empty()) paths.insert(fmt::format("/mapping/{}/{}", kind, mapping));
    }
  }
  return paths;
}

Paths bridges_in(const Json& spec) {
  Paths paths;
  for (const Json& network : get(spec, "network")) {
    const std::string bridge = text_or(network, "bridge");
    if (bridge.empty()) continue;
    const auto tag = as_integer(get(network, "tag"));
    paths.insert(fmt::format(
        "/sdn/zones/localnetwork/{}{}", bridge, tag ? fmt::format("/{}", *tag) : std::string()));
  }
  return paths;
}

Paths each(const Json& list, std::string_view root) {
  Paths paths;
  for (const Json& item : list) paths.insert(fmt::format("{}/{}", root, as_text(item)));
  return paths;
}

Paths keys_of(const Json& object) {
  Paths paths;
  if (!object.is_object()) return paths;
  for (const auto& [path, value] : object.items()) paths.insert(path);
  return paths;
}

Paths one_of_node(bool of_node, const std::string& node) {
  return {of_node ? fmt::format("/nodes/{}", node) : std::string("/")};
}

std::string filled(std::string_view path, const std::map<std::string, std::string>& values) {
  std::string text(path);
  for (const auto& [key, value] : values) {
    const std::size_t place = text.find(key);
    if (place != std::string::npos) text.replace(place, key.size(), value);
  }
  return text;
}

// The paths that a row's path stands for; some stand for several.
Paths paths_of(std::string_view path, const Resource& resource, const Scope& scope) {
  const Json& spec = resource.spec;
  const std::string& name = resource.address.name;
  const std::string node = text_or(scope.settings, "node");
  if (path == "{storages}") return storages_in(spec);
  if (path == "{images}") return images_in(spec);
  if (path == "{original}") {
    return {fmt::format("/vms/{}", as_text(get(get(spec, "clone"), "vmid")))};
  }
  if (path == "{bridges}") return bridges_in(spec);
  if (path == "{movable}") return movable(spec, scope);
  if (path == "{mappings}") return mappings_in(spec);
  if (path == "{grants}") return keys_of(get(spec, "acl"));
  if (path == "{members}") return each(get(spec, "vmids"), "/vms");
  if (path == "{pool_storages}") return each(get(spec, "storage"), "/storage");
  if (path == "{setting}") return one_of_node(name != "options", node);
  if (path == "{firewall}") return one_of_node(name == "node", node);
  if (path == "{template}") {
    const std::string image = text_or(spec, "template");
    const std::size_t colon = image.find(':');
    if (colon == std::string::npos) return {};
    return {fmt::format("/storage/{}", image.substr(0, colon))};
  }
  return {filled(path,
                 {{"{name}", name},
                  {"{node}", node},
                  {"{vmid}", as_text(get(spec, "vmid"))},
                  {"{storage}", text_or(spec, "storage")},
                  {"{realm}", name.substr(name.rfind('@') + 1)}})};
}

// The attributes of the row that the spec has; one without a name where the row is for all.
std::vector<std::string> concerned(const Row& row, const Json& spec) {
  if (row.attributes.empty()) return {""};
  std::vector<std::string> attributes;
  for (const std::string& attribute : split_any(row.attributes, " ")) {
    if (!get(spec, attribute).is_null()) attributes.push_back(attribute);
  }
  return attributes;
}

template <std::size_t count>
void add_needs(const std::array<Row, count>& rows,
               Purpose purpose,
               const Resource& resource,
               const Scope& scope,
               std::vector<Need>& needs) {
  for (const Row& row : rows) {
    if (row.kind != row_kind(resource)) continue;
    for (const std::string& attribute : concerned(row, resource.spec)) {
      for (const std::string& path : paths_of(row.path, resource, scope)) {
        needs.push_back({attribute, purpose, std::string(row.privileges), path});
      }
    }
  }
}

template <std::size_t count>
void add_privileges(const std::array<Row, count>& rows,
                    std::map<std::string, std::set<std::string>>& kinds) {
  for (const Row& row : rows) {
    kinds[split_any(row.privileges, " ").front()].insert(std::string(row.kind));
  }
}

}  // namespace

std::vector<Need> needs_of(const Resource& resource, const Scope& scope) {
  std::vector<Need> needs;
  add_needs(k_plan_rows, Purpose::plan, resource, scope, needs);
  add_needs(k_apply_rows, Purpose::apply, resource, scope, needs);
  return needs;
}

std::vector<Need> needs_of_server() {
  std::vector<Need> needs;
  for (const Row& row : k_apply_rows) {
    if (row.kind != "lock") continue;
    needs.push_back({"", Purpose::apply, std::string(row.privileges), std::string(row.path)});
  }
  return needs;
}

std::vector<RolePrivilege> role_privileges(Purpose purpose) {
  std::map<std::string, std::set<std::string>> kinds;
  add_privileges(k_plan_rows, kinds);
  if (purpose == Purpose::apply) add_privileges(k_apply_rows, kinds);
  std::vector<RolePrivilege> privileges;
  privileges.reserve(kinds.size());
  for (const auto& [name, names] : kinds) {
    privileges.push_back({name, {names.begin(), names.end()}});
  }
  return privileges;
}

}  // namespace aegis::proxmox
