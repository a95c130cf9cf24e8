#include "kinds/docker/restart_links.h"

#include <algorithm>

#include "kinds/docker/engine_time.h"
#include "kinds/docker/peers.h"

namespace aegis::docker {
namespace {

// Whoever shares a container's namespace is made anew with it: a restart would not do.
bool restarts_with(const Json& spec, const std::string& name, const Json& how) {
  const auto joined = joined_services(spec);
  return as_bool(get(how, "restart")).value_or(false) &&
         std::find(joined.begin(), joined.end(), name) == joined.end();
}

bool was_made_after_start(const Json& dependency, const Json& dependent) {
  const auto made = parse_engine_time(text_or(dependency, "Created"));
  const auto started = parse_engine_time(text_or(get(dependent, "State"), "StartedAt"));
  return made && started && *made > *started;
}

}  // namespace

RestartLinks::RestartLinks(std::span<const Resource* const> services) {
  for (const Resource* service : services) {
    for (const auto& [name, how] : get(service->spec, "depends_on").items()) {
      if (restarts_with(service->spec, name, how)) dependents_[name].push_back(service);
    }
  }
  for (const Resource* service : services) {
    if (dependents_.contains(service->address.name)) by_name_[service->address.name] = service;
  }
}

Json RestartLinks::replaced_dependencies(const Resource& service,
                                         const Json& inspect,
                                         const InspectOf& find) const {
  Json replaced = Json::array();
  if (text_or(get(inspect, "State"), "Status") != "running") return replaced;
  for (const auto& [name, how] : get(service.spec, "depends_on").items()) {
    const auto dependency = by_name_.find(name);
    const bool is_linked = restarts_with(service.spec, name, how);
    if (!is_linked || dependency == by_name_.end()) continue;
    const Json* container = find(*dependency->second);
    if (container == nullptr || !was_made_after_start(*container, inspect)) continue;
    replaced.push_back({{"service", name}, {"container", text_or(*container, "Id")}});
  }
  return replaced;
}

Json RestartLinks::restarted_dependents(const std::string& service, const InspectOf& find) const {
  Json restarted = Json::array();
  const auto dependents = dependents_.find(service);
  if (dependents == dependents_.end()) return restarted;
  for (const Resource* dependent : dependents->second) {
    const Json* container = find(*dependent);
    if (container == nullptr) continue;
    restarted.push_back({{"service", dependent->address.name},
                         {"container", text_or(*container, "Id")},
                         {"pre_stop", get(dependent->spec, "pre_stop")},
                         {"post_start", get(dependent->spec, "post_start")}});
  }
  return restarted;
}

}  // namespace aegis::docker
