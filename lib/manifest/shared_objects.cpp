#include "manifest/shared_objects.h"

namespace aegis {

void list_shared_objects(Reading& reading) {
  if (reading.manifests.connections.servers.size() < 2) return;
  auto& scopes = reading.manifests.desired.scopes;
  for (const auto& [address, resource] : reading.manifests.desired.resources) {
    const auto own = scopes.find(resource.scope);
    const bool is_guest = address.kind == "container" || address.kind == "machine";
    if (own == scopes.end() || own->second.type() != "server" || is_guest) continue;
    const Json node = get(own->second.settings, "node");
    for (auto& [name, scope] : scopes) {
      if (scope.type() != "server" || name == resource.scope) continue;
      scope.settings["shared"][address.kind][address.name].push_back(node);
    }
  }
}

}  // namespace aegis
