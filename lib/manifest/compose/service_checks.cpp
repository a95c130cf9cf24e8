#include <fmt/format.h>

#include "manifest/compose/checks.h"
#include "manifest/compose/engine_name.h"
#include "manifest/compose/namespaces.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

void check_image(const Member& service, Diagnostics& diagnostics) {
  const Node& value = service.value;
  if (value.type == Node::Type::null || value.find("image") != nullptr ||
      value.find("build") != nullptr || value.find("extends") != nullptr)
    return;
  error(diagnostics,
        service.where,
        "no image",
        fmt::format("The service `{}` has no `image`.", service.key));
}

void exclude(const Node& one, const Node& other, Diagnostics& diagnostics) {
  error(diagnostics,
        one.where,
        "contradiction",
        fmt::format("`{}` and `{}` exclude each other. Keep one of them.", one.path, other.path),
        &other.where);
}

void check_network_mode(const Node& service, Diagnostics& diagnostics) {
  const Node* mode = service.find("network_mode");
  if (mode == nullptr) return;
  const Node* networks = service.find("networks");
  if (networks != nullptr) exclude(*mode, *networks, diagnostics);
  const Node* ports = service.find("ports");
  if (mode->text != "host" || ports == nullptr || ports->items.empty()) return;
  warning(diagnostics,
          ports->where,
          "no effect",
          fmt::format("`{}`: with the host's network a container uses the host's ports directly; "
                      "published ports are ignored.",
                      ports->path));
}

// What belongs to the network of the container that is joined, or is not there at all.
void check_shared_network(const Node& service, Diagnostics& diagnostics) {
  const Node* mode = service.find("network_mode");
  if (mode == nullptr) return;
  const bool shared = is_shared(mode->text);
  for (const std::string_view key :
       {"ports", "expose", "hostname", "dns", "dns_search", "dns_opt", "extra_hosts"}) {
    const Node* own = service.find(key);
    if (!shared || own == nullptr || (own->items.empty() && own->text.empty())) continue;
    exclude(*own, *mode, diagnostics);
  }
  const Node* address = service.find("mac_address");
  if (address != nullptr && mode->text != "bridge") exclude(*address, *mode, diagnostics);
  const Node* links = service.find("links");
  if (links == nullptr) links = service.find("external_links");
  if (links != nullptr) exclude(*links, *mode, diagnostics);
}

// Two ways to say how much processor time there is, of which the engine takes one.
void check_cpu_time(const Node& service, Diagnostics& diagnostics) {
  const Node* cpus = service.find("cpus");
  if (cpus == nullptr) return;
  for (const std::string_view key : {"cpu_quota", "cpu_period"}) {
    if (const Node* other = service.find(key)) exclude(*other, *cpus, diagnostics);
  }
}

void check_mount_targets(const Node& service, Diagnostics& diagnostics) {
  const Node* tmpfs = service.find("tmpfs");
  const Node* mounts = service.find("volumes");
  if (tmpfs == nullptr || mounts == nullptr) return;
  for (const Node& mount : mounts->items) {
    const std::string target = text_at(mount, "target");
    const Node* other = tmpfs->find(target);
    if (other == nullptr) continue;
    error(diagnostics,
          mount.where,
          "two mounts at one path",
          fmt::format("`{}` and `{}` are mounted at the same path.", mount.path, other->path),
          &other->where);
  }
}

void check_healthcheck(const Node& service, Diagnostics& diagnostics) {
  const Node* check = service.find("healthcheck");
  if (check == nullptr) return;
  const Node* interval = check->find("start_interval");
  if (interval == nullptr || check->find("start_period") != nullptr) return;
  error(diagnostics,
        interval->where,
        "missing key",
        fmt::format("`{}` needs `start_period` beside it.", interval->path));
}

}  // namespace

void check_services(const Node& project, Diagnostics& diagnostics) {
  for (const Member& service : project.find("services")->members) {
    check_image(service, diagnostics);
    check_network_mode(service.value, diagnostics);
    check_shared_network(service.value, diagnostics);
    check_cpu_time(service.value, diagnostics);
    check_mount_targets(service.value, diagnostics);
    check_healthcheck(service.value, diagnostics);
  }
}

void check_external(const Node& project, Diagnostics& diagnostics) {
  for (const std::string_view section : {"networks", "volumes"}) {
    const Node* resources = project.find(section);
    if (resources == nullptr) continue;
    for (const Member& resource : resources->members) {
      if (!is_external(resource.value)) continue;
      for (const Member& member : resource.value.members) {
        if (member.key == "external" || member.key == "name") continue;
        error(diagnostics,
              member.where,
              "external and described",
              fmt::format("`{}` is external: it is made elsewhere, so `{}` has no place here.",
                          resource.value.path,
                          member.key));
      }
    }
  }
}

}  // namespace aegis::compose
