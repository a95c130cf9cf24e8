#include "kinds/docker/service_observe.h"

#include <fmt/format.h>

#include <iterator>
#include <set>
#include <string>
#include <unordered_map>

#include "kinds/docker/labels.h"
#include "kinds/docker/newer_image.h"
#include "kinds/docker/peers.h"
#include "kinds/docker/placed_files.h"
#include "kinds/docker/restart_links.h"
#include "kinds/docker/service_notes.h"
#include "kinds/docker/service_state.h"
#include "kinds/docker/shape.h"
#include "kinds/docker/stateful_data.h"
#include "kinds/docker/update_order.h"

namespace aegis::docker {
namespace {

Query inspect_query(const Stack& stack, ApiVersion api, const std::string& id) {
  return engine_query(stack, api, "/containers/" + id + "/json");
}

// The engine's containers by what they can be to a service, so that no service looks at them all.
class ContainerIndex {
 public:
  ContainerIndex(const Stack& stack, const StackView& view) {
    for (const Json& item : *view.containers) {
      const Json& labels = get(item, "Labels");
      by_name_[name_of(item)] = &item;
      if (!view.in_project(stack, labels)) continue;
      if (text_or(labels, k_oneoff_label, "False") != "False") continue;
      in_project_.push_back(&item);
      by_service_[text_or(labels, k_service_label, name_of(item))].push_back(&item);
    }
  }

  // Those of the service, and whoever has the name that it is to have.
  [[nodiscard]] std::vector<const Json*> candidates(const std::string& service,
                                                    const std::string& final_name) const {
    std::vector<const Json*> found;
    if (const auto own = by_service_.find(service); own != by_service_.end()) found = own->second;
    const auto named = by_name_.find(final_name);
    if (named == by_name_.end()) return found;
    for (const Json* item : found) {
      if (item == named->second) return found;
    }
    found.push_back(named->second);
    return found;
  }

  [[nodiscard]] const std::unordered_map<std::string, std::vector<const Json*>>& by_service()
      const {
    return by_service_;
  }

  // Those of the project's services as the engine lists them, which is how they lie in memory.
  [[nodiscard]] const std::vector<const Json*>& in_project() const { return in_project_; }

 private:
  std::vector<const Json*> in_project_;
  std::unordered_map<std::string, std::vector<const Json*>> by_service_;
  std::unordered_map<std::string, const Json*> by_name_;
};

struct Interpretation {
  const Stack& stack;
  const StackView& view;
  const Replies& replies;
  Vault& vault;
  ContainerIndex index;
  RestartLinks links;
  ContainerNames names;
};

ContainerNames names_by_id(const Json& containers) {
  ContainerNames names;
  for (const Json& item : containers) names.emplace(text_or(item, "Id"), name_of(item));
  return names;
}

const Json* present(const Json& body) {
  return body.is_null() ? nullptr : &body;
}

Json leftovers_of(const std::vector<std::string>& ids, const std::vector<const Json*>& items) {
  Json leftovers = Json::array();
  for (const std::string& id : ids) {
    for (const Json* item : items) {
      if (text_or(*item, "Id") == id) leftovers.push_back({{"id", id}, {"name", name_of(*item)}});
    }
  }
  return leftovers;
}

void describe_container(const Interpretation& all, ServiceReading& reading, Observation& seen) {
  const Json& labels = get(get(*reading.inspect, "Config"), "Labels");
  seen.exists = true;
  seen.owned = all.view.owns(all.stack, labels);
  reading.live_image = present(body_of(
      all.replies, image_query(all.stack, all.view.api, text_or(*reading.inspect, "Image"))));
}

const Json* find_inspect(const Interpretation& all, const Resource& resource) {
  const Replica replica = replica_of(resource.address.name, resource.spec);
  const std::string name = all.stack.container_name(resource.address.name, resource.spec);
  const auto found =
      find_containers(all.index.candidates(replica.service, name), all.stack, replica, name);
  if (found.current.empty()) return nullptr;
  return present(body_of(all.replies, inspect_query(all.stack, all.view.api, found.current)));
}

// What the replacement of one service means for another.
void add_restart_links(const Interpretation& all,
                       const Resource& resource,
                       const Json& inspect,
                       Observation& seen) {
  const auto find = [&](const Resource& other) { return find_inspect(all, other); };
  Json names = Json::array();
  Json replaced = all.links.replaced_dependencies(resource, inspect, find);
  for (const Json& dependency : replaced) names.push_back(get(dependency, "service"));
  put(seen.attributes, "restart_after", std::move(names));
  const std::string owner = all.links.restarted_owner(resource, inspect, find);
  if (!owner.empty() && joins(resource.spec, seen.attributes, owner))
    seen.attributes["restarted_with"] = {{owner, true}};
  put(seen.context, "restart_after", std::move(replaced));
  put(seen.context,
      "restarted_dependents",
      all.links.restarted_dependents(resource.address.name, find));
}

void add_data(const Interpretation& all,
              const ServiceReading& reading,
              const Json& spec,
              Observation& seen) {
  static const Json k_none;
  const Json& next = reading.wanted_image != nullptr ? *reading.wanted_image : k_none;
  put(seen.context,
      "data",
      data_context(all.stack, all.view.api, *reading.inspect, next, spec, all.replies));
  const bool starts_first =
      asks_for_start_first(spec) && start_first_obstacle(spec, seen.context).empty();
  put(seen.context, "starts_first", starts_first);
}

Result<Observation> observe_service(const Interpretation& all,
                                    const Address& address,
                                    const std::string& scope,
                                    const Resource* resource) {
  static const Json k_no_spec;
  const Json& spec = resource != nullptr ? resource->spec : k_no_spec;
  const Replica replica = replica_of(address.name, spec);
  const std::string final_name = all.stack.container_name(address.name, spec);
  const auto candidates = all.index.candidates(replica.service, final_name);
  const auto found = find_containers(candidates, all.stack, replica, final_name);
  Observation seen;
  seen.address = address;
  seen.scope = scope;
  ServiceReading reading;
  reading.resource = resource;
  reading.replica = replica;
  reading.networks = all.view.networks;
  reading.container_names = &all.names;
  reading.leftovers = leftovers_of(found.rest, candidates);
  if (resource != nullptr) {
    reading.wanted_image =
        present(body_of(all.replies, image_query(all.stack, all.view.api, text_or(spec, "image"))));
    reading.news = registry_news(all.stack, all.view.api, spec, all.replies);
  }
  if (!found.current.empty()) {
    const Query query = inspect_query(all.stack, all.view.api, found.current);
    reading.inspect = present(body_of(all.replies, query));
    if (reading.inspect == nullptr) {
      return Error{ErrorCode::conflict,
                   fmt::format("the container of {} vanished while it was read; try again",
                               to_string(address))};
    }
    describe_container(all, reading, seen);
    reading.files = found_files(all.stack, all.view.api, found.current, spec, all.replies);
  }
  seen.context = service_context(all.stack, reading, all.view.api);
  if (reading.inspect != nullptr) add_data(all, reading, spec, seen);
  std::vector<std::string> foreign;
  if (seen.exists) {
    const Json wanted = resource != nullptr ? wanted_service(spec, replica, seen.context) : Json();
    seen.attributes = live_service(reading, seen.context, wanted, all.vault, foreign);
  }
  if (seen.exists && resource != nullptr) {
    add_restart_links(all, *resource, *reading.inspect, seen);
  }
  seen.notes = service_notes(all.stack, reading, seen.context, foreign);
  return seen;
}

Observation absent(const Resource& resource, const Stack& stack) {
  Observation seen;
  seen.address = resource.address;
  seen.scope = resource.scope;
  ServiceReading reading;
  reading.resource = &resource;
  reading.replica = replica_of(resource.address.name, resource.spec);
  seen.context = service_context(stack, reading, std::nullopt);
  seen.notes = service_notes(stack, reading, seen.context, {});
  return seen;
}

// Owned services that no resource names.
Result<Done> add_orphans(const Interpretation& all,
                         const Batch& batch,
                         std::vector<Observation>& observations) {
  std::set<std::string> declared;
  for (const Resource* resource : batch.resources) {
    declared.insert(replica_of(resource->address.name, resource->spec).service);
  }
  std::set<std::string> orphans;
  for (const auto& [service, items] : all.index.by_service()) {
    if (declared.contains(service)) continue;
    if (all.view.owns(all.stack, get(*items.front(), "Labels"))) orphans.insert(service);
  }
  for (const std::string& service : orphans) {
    auto seen =
        observe_service(all, {batch.scope.name, "service", service}, batch.scope.name, nullptr);
    if (!seen) return seen.error();
    observations.push_back(std::move(*seen));
  }
  return Done{};
}

}  // namespace

std::vector<Query> service_queries(const Batch& batch, const Replies& replies) {
  const Stack stack = read_stack(batch.scope);
  auto queries = stack_queries(stack, replies);
  const auto view = stack_view(stack, replies);
  if (!view || !*view) return queries;
  const ApiVersion api = (*view)->api;
  const ContainerIndex index(stack, **view);
  const auto ask = [&](const Json& item) {
    queries.push_back(inspect_query(stack, api, text_or(item, "Id")));
    queries.push_back(image_query(stack, api, text_or(item, "ImageID")));
  };
  const auto add = [&](std::vector<Query>&& more) {
    std::move(more.begin(), more.end(), std::back_inserter(queries));
  };
  for (const Json* item : index.in_project()) ask(*item);
  for (const Resource* resource : batch.resources) {
    const Replica replica = replica_of(resource->address.name, resource->spec);
    const std::string name = stack.container_name(resource->address.name, resource->spec);
    const auto candidates = index.candidates(replica.service, name);
    for (const Json* item : candidates) {
      if (!(*view)->in_project(stack, get(*item, "Labels"))) ask(*item);
    }
    queries.push_back(image_query(stack, api, text_or(resource->spec, "image")));
    add(news_queries(stack, api, resource->spec, replies));
    const auto found = find_containers(candidates, stack, replica, name);
    if (found.current.empty()) continue;
    add(file_queries(stack, api, found.current, resource->spec));
    add(data_queries(stack,
                     api,
                     body_of(replies, inspect_query(stack, api, found.current)),
                     body_of(replies, image_query(stack, api, text_or(resource->spec, "image")))));
  }
  return queries;
}

Result<std::vector<Observation>> interpret_services(const Batch& batch,
                                                    const Replies& replies,
                                                    Vault& vault) {
  const Stack stack = read_stack(batch.scope);
  const auto view = stack_view(stack, replies);
  if (!view) return view.error();
  std::vector<Observation> observations;
  if (!*view) {
    for (const Resource* resource : batch.resources) {
      observations.push_back(absent(*resource, stack));
    }
    return observations;
  }
  const Interpretation all{stack,
                           **view,
                           replies,
                           vault,
                           ContainerIndex(stack, **view),
                           RestartLinks(batch.resources),
                           names_by_id(*(*view)->containers)};
  for (const Resource* resource : batch.resources) {
    auto seen = observe_service(all, resource->address, resource->scope, resource);
    if (!seen) return seen.error();
    observations.push_back(std::move(*seen));
  }
  const auto orphans = add_orphans(all, batch, observations);
  if (!orphans) return orphans.error();
  return observations;
}

Json normalize_service(const Resource& resource, const Observation& live) {
  return wanted_service(
      resource.spec, replica_of(resource.address.name, resource.spec), live.context);
}

}  // namespace aegis::docker
