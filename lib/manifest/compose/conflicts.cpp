#include <fmt/format.h>

#include <map>

#include "manifest/compose/checks.h"
#include "manifest/compose/engine_name.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

// A port of the host that a service asks for.
struct HostPort {
  const std::string* service;
  const Node* port;
};

bool is_any_address(const std::string& address) {
  return address.empty() || address == "0.0.0.0" || address == "::";
}

// Whether two ports of one number are one port.
bool clash(const Node& left, const Node& right) {
  const std::string left_ip = text_at(left, "host_ip");
  const std::string right_ip = text_at(right, "host_ip");
  const bool both_families =
      (left_ip == "0.0.0.0" && right_ip == "::") || (left_ip == "::" && right_ip == "0.0.0.0");
  const bool same_address =
      left_ip == right_ip ||
      ((is_any_address(left_ip) || is_any_address(right_ip)) && !both_families);
  return same_address && text_at(left, "protocol") == text_at(right, "protocol");
}

void check_port(const HostPort& asked,
                std::multimap<std::string, HostPort>& taken,
                Diagnostics& diagnostics) {
  const std::string number = text_at(*asked.port, "published");
  // From a range the engine picks a port that is free.
  if (number.empty() || number.find('-') != std::string::npos) return;
  const auto [begin, end] = taken.equal_range(number);
  for (auto other = begin; other != end; ++other) {
    if (!clash(*asked.port, *other->second.port)) continue;
    error(diagnostics,
          asked.port->where,
          "port used twice",
          fmt::format("The port {} of the host is published by `{}` and by `{}`.",
                      number,
                      *other->second.service,
                      *asked.service),
          &other->second.port->where);
    return;
  }
  taken.emplace(number, asked);
}

void check_ports(const Node& services, Diagnostics& diagnostics) {
  std::multimap<std::string, HostPort> taken;
  for (const Member& service : services.members) {
    const Node* ports = service.value.find("ports");
    if (ports == nullptr) continue;
    for (const Node& port : ports->items) check_port({&service.key, &port}, taken, diagnostics);
  }
}

void check_container_names(const Node& services, Diagnostics& diagnostics) {
  std::map<std::string, const Node*> names;
  for (const Member& service : services.members) {
    const Node* name = service.value.find("container_name");
    if (name == nullptr || name->text.empty()) continue;
    const auto [other, fresh] = names.try_emplace(name->text, name);
    if (fresh) continue;
    error(
        diagnostics,
        name->where,
        "name used twice",
        fmt::format("`{}` and `{}` give two containers one name.", other->second->path, name->path),
        &other->second->where);
  }
}

void check_replica_ports(const Member& service, std::int64_t count, Diagnostics& diagnostics) {
  const Node* ports = service.value.find("ports");
  if (ports == nullptr) return;
  for (const Node& port : ports->items) {
    const std::string published = text_at(port, "published");
    if (published.empty() || published == "0" || published.find('-') != std::string::npos) continue;
    error(diagnostics,
          port.where,
          "one port for several containers",
          fmt::format("`{}`: only one of {} containers can have port {} of the host. Publish a "
                      "range, or no fixed port.",
                      port.path,
                      count,
                      published));
  }
}

void check_replica_names(const Node& services,
                         const Member& service,
                         std::int64_t count,
                         Diagnostics& diagnostics) {
  for (std::int64_t number = 2; number <= count; ++number) {
    const std::string name = fmt::format("{}-{}", service.key, number);
    const Node* other = services.find(name);
    if (other == nullptr) continue;
    error(diagnostics,
          service.where,
          "name used twice",
          fmt::format("`{}` has {} containers, and one would be called like the service `{}`.",
                      service.value.path,
                      count,
                      name),
          &other->where);
  }
}

// What only one container can have, for services of several.
void check_replicas(const Node& services, Diagnostics& diagnostics) {
  for (const Member& service : services.members) {
    const std::int64_t count = integer_at(service.value, "scale");
    if (count < 2) continue;
    check_replica_names(services, service, count, diagnostics);
    check_replica_ports(service, count, diagnostics);
    const Node* name = service.value.find("container_name");
    if (name == nullptr) continue;
    error(diagnostics,
          name->where,
          "one name for several containers",
          fmt::format("`{}` cannot be the name of {} containers.", name->path, count));
  }
}

void check_engine_names(const Node* resources,
                        const std::string& project_name,
                        Diagnostics& diagnostics) {
  if (resources == nullptr) return;
  std::map<std::string, const Member*> names;
  for (const Member& resource : resources->members) {
    const std::string name = engine_name(resource.value, resource.key, project_name);
    const auto [other, fresh] = names.try_emplace(name, &resource);
    if (fresh || (is_external(resource.value) && is_external(other->second->value))) continue;
    error(diagnostics,
          resource.where,
          "name used twice",
          fmt::format("`{}` and `{}` have one name on the engine.",
                      other->second->value.path,
                      resource.value.path),
          &other->second->where);
  }
}

}  // namespace

void check_conflicts(const Node& project,
                     const std::string& project_name,
                     Diagnostics& diagnostics) {
  const Node& services = *project.find("services");
  check_ports(services, diagnostics);
  check_container_names(services, diagnostics);
  check_replicas(services, diagnostics);
  check_engine_names(project.find("networks"), project_name, diagnostics);
  check_engine_names(project.find("volumes"), project_name, diagnostics);
}

}  // namespace aegis::compose
