#include <fmt/format.h>

#include <map>

#include "manifest/guests.h"
#include "manifest/os.h"
#include "manifest/raw_lines.h"
#include "manifest/schema.h"

namespace aegis {
namespace {

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

// A copy is made of another container; what a template's container is given then cannot be.
void check_origin(const Resource& resource, Reading& reading) {
  if (!resource.spec.contains("clone")) return;
  for (const char* key : {"template", "password", "ssh_public_keys"}) {
    if (!resource.spec.contains(key)) continue;
    reading.error(resource.place_of(key),
                  "a copy is made of another container",
                  fmt::format("`{}` is only for containers that are made from a template, and {} "
                              "has `clone`. Leave one of both out.",
                              key,
                              to_string(resource.address)),
                  resource.place_of("clone"));
  }
}

}  // namespace

void read_containers(const YamlNode& section, Reading& reading) {
  const Json& schema = *member_schema(*member_schema(project_schema(), "containers"), "");
  for (const YamlNode::Member& member : section.members) {
    std::optional<Resource> resource = read_guest(member, "containers", "container", reading);
    if (!resource) continue;
    check_least_memory(*resource, reading);
    check_mount_points(*resource, reading);
    check_raw_lines(*resource, reading);
    check_origin(*resource, reading);
    read_guest_os(*resource, *member.value, schema, reading);
    reading.manifests.desired.resources.emplace(resource->address, std::move(*resource));
  }
}

}  // namespace aegis
