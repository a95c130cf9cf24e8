#include "kinds/docker/restart_links.h"

#include <algorithm>
#include <set>

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

bool runs(const Json& inspect) {
  return text_or(get(inspect, "State"), "Status") == "running";
}

bool was_started_after(const Json& owner, const Json& sharer) {
  const auto later = parse_engine_time(text_or(get(owner, "State"), "StartedAt"));
  const auto earlier = parse_engine_time(text_or(get(sharer, "State"), "StartedAt"));
  return runs(owner) && later && earlier && *later > *earlier;
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
  std::set<std::string> owners;
  for (const Resource* service : services) owners.insert(network_owner(service->spec));
  for (const Resource* service : services) {
    const std::string& name = service->address.name;
    if (dependents_.contains(name) || owners.contains(name)) by_name_[name] = service;
  }
}

std::string RestartLinks::restarted_owner(const Resource& service,
                                          const Json& inspect,
                                          const InspectOf& find) const {
  const auto owner = by_name_.find(network_owner(service.spec));
  if (!runs(inspect) || owner == by_name_.end()) return {};
  const Json* container = find(*owner->second);
  return container != nullptr && was_started_after(*container, inspect) ? owner->first : "";
}

Json RestartLinks::replaced_dependencies(const Resource& service,
                                         const Json& inspect,
                                         const InspectOf& find) const {
  Json replaced = Json::array();
  if (!runs(inspect)) return replaced;
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
