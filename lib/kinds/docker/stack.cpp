#include "kinds/docker/stack.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "kinds/docker/replica.h"
#include "model/image_registry.h"

namespace aegis::docker {
namespace {

std::string engine_name(const Json& names, const std::string& project, const std::string& key) {
  return text_or(get(names, key), "name", fmt::format("{}_{}", project, key));
}

std::optional<Guest> read_guest(const Json& settings) {
  const Json& guest = get(settings, "guest");
  if (!guest.is_object()) return std::nullopt;
  return Guest{text_or(guest, "endpoint"),
               text_or(guest, "node"),
               as_integer(get(guest, "vmid")).value_or(0)};
}

}  // namespace

std::string Stack::network_name(const std::string& key) const {
  return engine_name(networks, project, key);
}

std::string Stack::volume_name(const std::string& key) const {
  return engine_name(volumes, project, key);
}

std::string Stack::container_name(const std::string& name, const Json& spec) const {
  const Replica replica = replica_of(name, spec);
  return text_or(
      spec, "container_name", fmt::format("{}-{}-{}", project, replica.service, replica.number));
}

const Json& Stack::login_for(const std::string& image) const {
  return get(registries, registry_of(image));
}

Stack read_stack(const Scope& scope) {
  Stack stack;
  const auto slash = scope.name.find('/');
  stack.name = slash == std::string::npos ? scope.name : scope.name.substr(slash + 1);
  stack.endpoint = text_or(scope.settings, "endpoint");
  stack.project = text_or(scope.settings, "project", stack.name);
  stack.working_dir = text_or(scope.settings, "working_dir");
  std::vector<std::string> files;
  for (const Json& file : get(scope.settings, "config_files")) files.push_back(as_text(file));
  stack.config_files = join(files, ",");
  stack.networks = get(scope.settings, "networks");
  stack.volumes = get(scope.settings, "volumes");
  stack.registries = get(scope.settings, "registries");
  stack.guest = read_guest(scope.settings);
  return stack;
}

}  // namespace aegis::docker
