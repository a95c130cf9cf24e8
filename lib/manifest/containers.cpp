#include <fmt/format.h>

#include <map>

#include "base/units.h"
#include "manifest/os.h"
#include "manifest/schema.h"
#include "manifest/section_reader.h"
#include "manifest/spec.h"

namespace aegis {
namespace {

void check_vmid(const Resource& resource,
                std::map<std::pair<std::string, std::int64_t>, SourceSpan>& taken,
                Reading& reading) {
  const auto vmid = as_integer(get(resource.spec, "vmid")).value_or(0);
  const SourceSpan& where = resource.place_of("vmid");
  const auto [first, is_new] = taken.try_emplace({resource.scope, vmid}, where);
  if (is_new) return;
  reading.error(where,
                "a vmid is used twice",
                fmt::format("{} is another container's number on this server.", vmid),
                first->second);
}

// What Proxmox asks for: nothing starts in less.
void check_memory(const Resource& resource, Reading& reading) {
  constexpr std::int64_t k_least = std::int64_t{16} << 20U;
  const auto memory = parse_size(as_text(get(resource.spec, "memory")));
  if (!memory || *memory >= k_least) return;
  reading.error(resource.place_of("memory"),
                "too little memory",
                fmt::format("{} gets {}; a container has at least 16MiB.",
                            to_string(resource.address),
                            as_text(get(resource.spec, "memory"))));
}

void check_mount_points(const Resource& resource, Reading& reading) {
  const Json& mounts = get(resource.spec, "mount_points");
  if (!mounts.is_object()) return;
  std::map<std::string, std::string> targets;
  for (const auto& [name, mount] : mounts.items()) {
    const bool allocates = mount.contains("storage") && mount.contains("size");
    if (allocates == mount.contains("volume")) {
      reading.error(resource.place_of("mount_points." + name),
                    "a mount point without one source",
                    fmt::format("{} takes either `storage` and `size`, or `volume`.", name));
    }
    const auto [first, is_new] = targets.try_emplace(text_or(mount, "mp"), name);
    if (!is_new) {
      reading.error(resource.place_of("mount_points." + name + ".mp"),
                    "two mounts at one place",
                    fmt::format("{} is mounted there already.", first->second));
    }
  }
}

}  // namespace

void read_containers(const YamlNode& section, Reading& reading) {
  const Json& schema = *member_schema(*member_schema(project_schema(), "containers"), "");
  std::vector<std::string> servers;
  for (const auto& [name, server] : reading.manifests.connections.servers) servers.push_back(name);
  std::map<std::pair<std::string, std::int64_t>, SourceSpan> taken;
  for (const YamlNode::Member& member : section.members) {
    Resource resource;
    resource.address = {"", "container", member.key};
    resource.where = member.key_where;
    resource.spec = to_spec(*member.value, schema, reading.vault);
    resource.places = places_of(*member.value);
    const std::string server = text_or(resource.spec, "server");
    resource.scope = "server/" + server;
    if (!reading.manifests.desired.scopes.contains(resource.scope)) {
      reading.unknown("servers", server, servers, resource.place_of("server"));
      continue;
    }
    check_vmid(resource, taken, reading);
    check_memory(resource, reading);
    check_mount_points(resource, reading);
    read_guest_os(resource, *member.value, schema, reading);
    reading.manifests.desired.resources.emplace(resource.address, std::move(resource));
  }
}

}  // namespace aegis
